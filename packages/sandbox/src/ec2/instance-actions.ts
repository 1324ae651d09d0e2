import { type ActionContext, type ActionHandler, AwsFault } from "../core/service.ts";
import { ec2Form, instanceNotFound } from "./ec2-fault.ts";
import { type ComputePlace, type Ec2State, ec2State, type Instance } from "./ec2-state.ts";
import { readFilters } from "./filters.ts";
import type { FormInput } from "./form-reader.ts";
import { instanceFilters } from "./instance-filters.ts";
import { findInstance, startInstance, stopInstance, terminateInstance } from "./instance-lifecycle.ts";
import { readPage } from "./paging.ts";
import { type ShownInstance, showInstances, writeInstance, writeState } from "./show-instance.ts";
import { readView } from "./stale-view.ts";

export const instanceActions: Readonly<Record<string, ActionHandler>> = {
  DescribeInstances(input, context) {
    const state = ec2State(placeOf(context));
    const ids = ec2Form.texts(input, "InstanceId") ?? [];
    const { items, nextToken } = page(select(state, input, ids), input, ids);
    const reservationSet = items.map((shown) => ({
      reservationId: `r-${shown.id.slice(2)}`,
      ownerId: state.account,
      groupSet: [],
      instancesSet: [writeInstance(shown)],
    }));
    return { reservationSet, nextToken };
  },

  DescribeInstanceStatus(input, context) {
    const state = ec2State(placeOf(context));
    const ids = ec2Form.texts(input, "InstanceId") ?? [];
    // Only running instances unless all are asked for (API reference, `DescribeInstanceStatus`).
    const all = ec2Form.optionalFlag(input, "IncludeAllInstances") ?? false;
    const chosen = select(state, input, ids).filter((shown) => all || shown.state === "running");
    const { items, nextToken } = page(chosen, input, ids);
    return { instanceStatusSet: items.map(writeStatus), nextToken };
  },

  TerminateInstances: (input, context) => changeInstances(input, context, terminateInstance),
  StopInstances: (input, context) => changeInstances(input, context, stopInstance),
  StartInstances: (input, context) => changeInstances(input, context, startInstance),
};

export function placeOf(context: ActionContext): ComputePlace {
  const { world, clock, region, caller } = context;
  return { world, clock, region, account: caller.account };
}

/** All ids must exist, else nothing is changed and nothing shown (EC2 API error codes, `InvalidInstanceID.NotFound`). */
function select(state: Ec2State, input: FormInput, ids: readonly string[]): readonly ShownInstance[] {
  ids.forEach(checkId);
  const matches = readFilters(input, instanceFilters);
  const shown = readView(state.view, () => showInstances(state));
  const unknown = ids.filter((id) => !shown.some((instance) => instance.id === id));
  if (unknown.length > 0) throw instanceNotFound(unknown);
  return shown.filter((instance) => (ids.length === 0 || ids.includes(instance.id)) && matches(instance));
}

function changeInstances(
  input: FormInput,
  context: ActionContext,
  change: (state: Ec2State, instance: Instance) => void,
) {
  const state = ec2State(placeOf(context));
  const ids = ec2Form.texts(input, "InstanceId") ?? [];
  if (ids.length === 0) throw new AwsFault("MissingParameter", "The request must contain the parameter InstanceId");
  ids.forEach(checkId);
  const unknown = ids.filter((id) => !state.instances.has(id));
  if (unknown.length > 0) throw instanceNotFound(unknown);
  const instancesSet = ids.map((id) => {
    const instance = findInstance(state, id);
    const previous = instance.state;
    change(state, instance);
    return { instanceId: id, currentState: writeState(instance.state), previousState: writeState(previous) };
  });
  return { instancesSet };
}

function writeStatus(shown: ShownInstance) {
  const status = { status: shown.impaired ? "impaired" : "ok" };
  return {
    instanceId: shown.id,
    availabilityZone: shown.instance.availabilityZone,
    instanceState: writeState(shown.state),
    systemStatus: status,
    instanceStatus: status,
  };
}

/** 5 to 1,000 results on a page, and no paging with ids (API reference, `DescribeInstances`). */
function page(items: readonly ShownInstance[], input: FormInput, ids: readonly string[]) {
  if (input["MaxResults"] !== undefined && ids.length > 0)
    throw new AwsFault(
      "InvalidParameterCombination",
      "The parameter instancesSet cannot be used with the parameter maxResults",
    );
  return readPage(items, input, { least: 5, most: 1000 });
}

function checkId(id: string): void {
  if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
    throw new AwsFault("InvalidInstanceID.Malformed", `Invalid id: "${id}"`);
}
