import type { VersionView } from "@windlass/area-view";

/** As Git shortens it; a digest without its algorithm where no commit is known. */
export function shortVersion({ commit, digest }: Pick<VersionView, "commit" | "digest">): string {
  return commit === null ? shortDigest(digest) : commit.slice(0, 7);
}

export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

/** `arn:aws:sts::111111111111:assumed-role/Admin/ada` is `ada` to people; the whole stays in the title. */
export function shortPerson(by: string): string {
  return by.startsWith("arn:") ? (by.split("/").at(-1) ?? by) : by;
}

/** The same within a sentence. */
export function shortenText(text: string): string {
  return text
    .replaceAll(/sha256:[0-9a-f]{64}/g, (digest) => shortDigest(digest))
    .replaceAll(/arn:aws[\w-]*:(?:sts|iam):[^\s,;]+/g, (arn) => shortPerson(arn));
}
