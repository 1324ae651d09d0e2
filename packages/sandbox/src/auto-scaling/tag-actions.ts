import type { ActionHandler } from "../core/service.ts";
import { readView } from "../ec2/stale-view.ts";
import { checkTags, type NamedTag, readTags } from "./group-tags.ts";
import { placeOf, scalingState } from "./open-scaling.ts";
import { page } from "./paging.ts";
import { changed } from "./reconcile.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";
import type { Group, ScalingState } from "./scaling-state.ts";
import { showGroups } from "./show-group.ts";

export const tagActions: Readonly<Record<string, ActionHandler>> = {
  /** Reaches the instances that are launched later, never those that run (guide, "Tag Auto Scaling groups"). */
  CreateOrUpdateTags(input, context) {
    const state = scalingState(placeOf(context));
    const tags = readTags(input).map((tag) => ({ tag, group: groupOf(state, tag) }));
    // All or nothing: no group is tagged where one of them would have too many.
    for (const group of new Set(tags.map(({ group }) => group))) {
      const added = tags.flatMap((entry) => (entry.group === group ? [[entry.tag.key, entry.tag] as const] : []));
      checkTags(new Map([...group.tags, ...added]));
    }
    for (const { tag, group } of tags) {
      const { value, propagateAtLaunch } = tag;
      group.tags.set(tag.key, { value, propagateAtLaunch });
    }
    changed(state);
  },

  DeleteTags(input, context) {
    const state = scalingState(placeOf(context));
    for (const tag of readTags(input)) groupOf(state, tag).tags.delete(tag.key);
    changed(state);
  },

  DescribeTags(input, context) {
    const state = scalingState(placeOf(context));
    const filters = (scalingForm.structures(input, "Filters") ?? []).map((filter) => ({
      name: scalingForm.text(filter, "Name"),
      values: scalingForm.texts(filter, "Values") ?? [],
    }));
    const tags = readView(state.view, () => showGroups(state)).flatMap((group) => group.Tags);
    const wanted = tags.filter((tag) =>
      filters.every(({ name, values }) =>
        values.includes(fieldOf(name, { ...tag, PropagateAtLaunch: String(tag.PropagateAtLaunch) })),
      ),
    );
    const { items, nextToken } = page(wanted, input, { size: 50, max: 100 });
    return { Tags: items, NextToken: nextToken };
  },
};

function groupOf(state: ScalingState, tag: NamedTag): Group {
  const group = state.groups.get(tag.group ?? "");
  if (group === undefined) throw validationError(`Group ${tag.group ?? "null"} not found`);
  return group;
}

interface TagFields {
  readonly ResourceId: string;
  readonly Key: string;
  readonly Value: string;
  readonly PropagateAtLaunch: string;
}

function fieldOf(name: string, tag: TagFields): string {
  switch (name) {
    case "auto-scaling-group":
      return tag.ResourceId;
    case "key":
      return tag.Key;
    case "value":
      return tag.Value;
    case "propagate-at-launch":
      return tag.PropagateAtLaunch;
    default:
      throw validationError(`Filter type ${name} is not correct.`);
  }
}
