import { type Finding, quote } from "./finding.ts";
import type { Entry, Survey } from "./survey.ts";

/**
 * The area's bucket keeps the files of an image's `store/` below the image's name and `store/`: no other Terraform image
 * may have a name that begins so, or its state would be taken for one of those files.
 */
export function checkStates({ images }: Survey): readonly Finding[] {
  const terraform = images.filter(({ fields }) => fields["kind"] === "terraform");
  const names = new Set(terraform.map(({ name }) => name));
  return terraform.flatMap((image) => {
    const owner = ownersOfFolder(image.name).find((name) => names.has(name));
    return owner === undefined ? [] : [describeClash(image, owner)];
  });
}

/** `["a", "a/store/b"]` for `a/store/b/store`: the images in whose `store/` the name would lie. */
function ownersOfFolder(name: string): readonly string[] {
  const segments = name.split("/");
  return segments.flatMap((segment, index) =>
    segment === "store" && index > 0 ? [segments.slice(0, index).join("/")] : [],
  );
}

function describeClash({ name, path }: Entry, owner: string): Finding {
  return {
    code: "same-state",
    path,
    part: "key",
    expected: `a name that does not begin with ${quote(`${owner}/store`)}, where files of ${quote(owner)} are kept`,
    found: quote(name),
    hint: "name one of the two images otherwise, or put a common prefix into source.repository",
  };
}
