/** What the history page asks for, as its address keeps it. */
export interface HistoryQuery {
  readonly areas: readonly string[];
  readonly outcomes: readonly string[];
  readonly image: string;
  readonly version: string;
  /** Local days such as `2026-11-24`; empty: no limit. */
  readonly since: string;
  readonly until: string;
}

export function parseHistoryQuery(search: string): HistoryQuery {
  const query = new URLSearchParams(search);
  return {
    areas: query.getAll("area"),
    outcomes: query.getAll("outcome"),
    image: query.get("image") ?? "",
    version: query.get("version") ?? "",
    since: query.get("since") ?? "",
    until: query.get("until") ?? "",
  };
}

/** For the page's own address: empty where nothing is asked for. */
export function formatHistoryQuery(query: HistoryQuery): string {
  const search = paramsOf(query);
  for (const name of ["since", "until"] as const) if (query[name] !== "") search.set(name, query[name]);
  return search.size === 0 ? "" : `?${search}`;
}

/** For the server: days begin at the reader's midnight, and the last one is meant to its end. */
export function requestHistory(query: HistoryQuery, limit: number): string {
  const search = paramsOf(query);
  const [since, until] = [midnight(query.since, 0), midnight(query.until, 1)];
  if (since !== null) search.set("since", since);
  if (until !== null) search.set("until", until);
  search.set("limit", String(limit));
  return `?${search}`;
}

function paramsOf({ areas, outcomes, image, version }: HistoryQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const area of areas) search.append("area", area);
  for (const outcome of outcomes) search.append("outcome", outcome);
  if (image !== "") search.set("image", image);
  if (version !== "") search.set("version", version);
  return search;
}

function midnight(day: string, later: number): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (parts === null) return null;
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + later).toISOString();
}
