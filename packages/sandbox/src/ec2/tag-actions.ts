import { type ActionHandler, AwsFault } from "../core/service.ts";
import { ec2Form, instanceNotFound } from "./ec2-fault.ts";
import { type Ec2State, ec2State, type Instance } from "./ec2-state.ts";
import { readFilters } from "./filters.ts";
import type { FormInput } from "./form-reader.ts";
import { placeOf } from "./instance-actions.ts";
import { changed } from "./instance-lifecycle.ts";
import { metadataTagFault } from "./instance-tags.ts";
import { readPage } from "./paging.ts";
import { showInstances } from "./show-instance.ts";
import { readView } from "./stale-view.ts";
import { readTagList } from "./template-data.ts";

interface TagRow {
  readonly resourceId: string;
  readonly key: string;
  readonly value: string;
}

export const tagActions: Readonly<Record<string, ActionHandler>> = {
  CreateTags(input, context) {
    const state = ec2State(placeOf(context));
    const instances = findResources(state, input);
    const tags = readTagList(input);
    const keys = tags.map(([key]) => key);
    if (keys.some((key) => key.startsWith("aws:")))
      throw new AwsFault("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use");
    // Nothing is tagged where one instance could not show one of the keys.
    const fault = instances.some((instance) => instance.metadataTags) ? metadataTagFault(keys) : null;
    if (fault !== null) throw fault;
    for (const instance of instances) for (const [key, value] of tags) instance.tags.set(key, value);
    changed(state);
    return { return: true };
  },

  DeleteTags(input, context) {
    const state = ec2State(placeOf(context));
    const instances = findResources(state, input);
    const keys = (ec2Form.structures(input, "Tag") ?? []).map((tag) => ec2Form.text(tag, "Key"));
    for (const instance of instances) for (const key of keys) instance.tags.delete(key);
    changed(state);
    return { return: true };
  },

  DescribeTags(input, context) {
    const state = ec2State(placeOf(context));
    const matches = readFilters<TagRow>(input, tagFilters);
    const rows = readView(state.view, () => showInstances(state)).flatMap(({ id, tags }) =>
      Object.entries(tags).map(([key, value]) => ({ resourceId: id, key, value })),
    );
    const { items, nextToken } = readPage(rows.filter(matches), input, { least: 5, most: 1000 });
    return { tagSet: items.map((row) => ({ ...row, resourceType: "instance" })), nextToken };
  },
};

function tagFilters(name: string, row: TagRow): readonly string[] | undefined {
  if (name.startsWith("tag:")) return row.key === name.slice("tag:".length) ? [row.value] : [];
  switch (name) {
    case "resource-id":
      return [row.resourceId];
    case "resource-type":
      return ["instance"];
    case "key":
      return [row.key];
    case "value":
      return [row.value];
    default:
      return undefined;
  }
}

function findResources(state: Ec2State, input: FormInput): readonly Instance[] {
  const ids = ec2Form.texts(input, "ResourceId") ?? [];
  if (ids.length === 0) throw new AwsFault("MissingParameter", "The request must contain the parameter resourceIdSet");
  return ids.map((id) => {
    const instance = state.instances.get(id);
    if (instance === undefined) throw instanceNotFound([id]);
    return instance;
  });
}
