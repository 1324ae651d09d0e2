import { requireList } from "./usable-answers.ts";

/** The most that GitHub gives at once: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
const PAGE = 100;
/** A thousand of what Windlass itself makes in one place: then something else is wrong. */
const MOST_PAGES = 10;

export interface Page {
  readonly per_page: number;
  /** From 1. */
  readonly page: number;
}

/** A list of GitHub's, page by page, each asked for when the ones before it are used up. */
export async function* readPages<T>(
  read: (page: Page) => Promise<{ readonly data: readonly T[] }>,
): AsyncGenerator<readonly T[]> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const data = requireList((await read({ per_page: PAGE, page })).data);
    yield data;
    if (data.length < PAGE) return;
  }
}
