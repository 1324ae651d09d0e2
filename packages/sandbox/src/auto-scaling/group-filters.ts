import type { FormInput } from "../ec2/form-reader.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";
import type { ShownGroup } from "./show-group.ts";

/** All filters must hold, each with any of its values, literally (API reference, `Filter`). */
export function readGroupFilter(input: FormInput): (group: ShownGroup) => boolean {
  const filters = (scalingForm.structures(input, "Filters") ?? []).map((filter) => ({
    valuesOf: tagValues(scalingForm.text(filter, "Name")),
    wanted: scalingForm.texts(filter, "Values") ?? [],
  }));
  return (group) => filters.every(({ valuesOf, wanted }) => valuesOf(group).some((value) => wanted.includes(value)));
}

function tagValues(name: string): (group: ShownGroup) => readonly string[] {
  if (name === "tag-key") return ({ Tags }) => Tags.map((tag) => tag.Key);
  if (name === "tag-value") return ({ Tags }) => Tags.map((tag) => tag.Value);
  const key = name.startsWith("tag:") ? name.slice("tag:".length) : undefined;
  if (key === undefined)
    throw validationError(
      `Filter type ${name} is not correct. Allowed Filter types are: tag-key, tag-value, tag:<key>`,
    );
  return ({ Tags }) => Tags.flatMap((tag) => (tag.Key === key ? [tag.Value] : []));
}
