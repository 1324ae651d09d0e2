import type { ActionContext } from "../core/service.ts";
import { type StateKey, stateKey } from "../core/world.ts";
import { type ComputePlace, ec2State } from "../ec2/ec2-state.ts";
import { createStaleView } from "../ec2/stale-view.ts";
import { watchInstances } from "./health.ts";
import type { ScalingState, ScalingTimings } from "./scaling-state.ts";

/** Order of magnitude of what the service does; it documents none of them. */
const defaultTimings: ScalingTimings = {
  reactMs: 2_000,
  inServiceMs: 0,
  healthCheckMs: 10_000,
  firstRetryMs: 15_000,
  maxRetryMs: 300_000,
  refreshStepMs: 5_000,
};

const key: StateKey<ScalingState> = stateKey("autoscaling");

/** The groups of one account in one region, which keep an eye on the instances there. */
export function scalingState(place: ComputePlace): ScalingState {
  const { world, clock, account, region } = place;
  return world.state(key, account, region, () => {
    const state: ScalingState = {
      world,
      clock,
      account,
      region,
      ec2: ec2State(place),
      groups: new Map(),
      activities: [],
      launchFaults: [],
      timings: { ...defaultTimings },
      view: createStaleView(clock),
    };
    watchInstances(state);
    return state;
  });
}

export function placeOf(context: ActionContext): ComputePlace {
  const { world, clock, region, caller } = context;
  return { world, clock, region, account: caller.account };
}
