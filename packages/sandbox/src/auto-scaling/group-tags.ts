import { AwsFault } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";
import type { GroupTag } from "./scaling-state.ts";

export interface NamedTag extends GroupTag {
  readonly key: string;
  /** The group's name; null where the call says it elsewhere. */
  readonly group: string | null;
}

export function readTags(input: FormInput): readonly NamedTag[] {
  return (scalingForm.structures(input, "Tags") ?? []).map((tag) => {
    const type = scalingForm.optionalText(tag, "ResourceType") ?? "auto-scaling-group";
    if (type !== "auto-scaling-group") throw validationError(`Invalid resource type ${type}`);
    return {
      key: scalingForm.text(tag, "Key"),
      value: scalingForm.optionalText(tag, "Value") ?? "",
      propagateAtLaunch: scalingForm.optionalFlag(tag, "PropagateAtLaunch") ?? false,
      group: scalingForm.optionalText(tag, "ResourceId") ?? null,
    };
  });
}

/** 50 tags, keys up to 128 and values up to 256 characters, and none of AWS's own (guide, "Tag restrictions"). */
export function checkTags(tags: ReadonlyMap<string, GroupTag>): void {
  for (const [key, { value }] of tags) {
    if (key.startsWith("aws:")) throw validationError("Tag keys starting with 'aws:' are reserved for internal use.");
    if (key.length > 128 || value.length > 256)
      throw validationError(`Tag ${key} is too long: keys have 128 characters at most, and values 256.`);
  }
  if (tags.size > 50)
    throw new AwsFault("LimitExceeded", "You have reached the maximum number of tags for an Auto Scaling group: 50");
}
