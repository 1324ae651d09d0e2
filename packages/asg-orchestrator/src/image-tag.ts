import { OrchestratorError } from "./orchestrator-error.ts";

const prefix = "windlass:image:";

/**
 * The tag that tells a group's instances which digest of the image to run. One `/` or space in a tag's key fails every
 * launch while instance metadata shows tags (EC2 user guide).
 */
export function imageTag(image: string): string {
  if (/^[A-Za-z0-9._-]{1,110}$/.test(image)) return `${prefix}${image}`;
  throw new OrchestratorError({
    code: "image-name",
    message: "this image's name can not be part of a tag that instances read",
    expected: "1 to 110 of A-Z a-z 0-9 . _ -",
    found: image,
  });
}

/** What a group's tags tell its instances to run, by image. */
export function imagesOfTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
  );
}
