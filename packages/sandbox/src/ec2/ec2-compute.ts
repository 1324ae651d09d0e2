import type { InstanceDescription } from "../metadata/instance-source.ts";
import { describeInstance } from "./describe-instance.ts";
import { type ComputePlace, type Ec2Timings, ec2State, type InstanceState, type TemplateData } from "./ec2-state.ts";
import { type InstanceListener, listenToInstances } from "./instance-hooks.ts";
import { findInstance, forgetInstance, loseInstance, shutDownFromInside } from "./instance-lifecycle.ts";
import { addTemplateVersion, createLaunchTemplate, findTemplate } from "./launch-templates.ts";
import { showInstances } from "./show-instance.ts";
import { delayView } from "./stale-view.ts";

export interface ComputeInstance extends InstanceDescription {
  readonly state: InstanceState;
  /** All tags, whether metadata shows them or not. */
  readonly allTags: Readonly<Record<string, string>>;
}

/** One account's EC2 in one region, for setting it up and looking into it. Throws `AwsFault` with EC2's own codes. */
export interface Ec2Compute {
  /** Oldest first; those that are terminated stay for an hour, as in EC2. */
  instances(): readonly ComputeInstance[];
  createLaunchTemplate(name: string, data?: TemplateData): void;
  /** Gives the version's number. It does not become the default version. */
  addLaunchTemplateVersion(name: string, data: TemplateData): number;
  /** Begins with the next change; the returned function ends it. */
  onInstance(listener: InstanceListener): () => void;
  /** The operating system shuts itself down: the instance stops, unless its launch template says terminate. */
  shutDownFromInside(instanceId: string): void;
  /** The hardware under the instance is gone. EC2 notices a while later. */
  interrupt(instanceId: string): void;
  /** EC2 no longer knows the instance. */
  forget(instanceId: string): void;
  /** What is read lags behind by that many milliseconds; 0 ends it. */
  staleReads(ms: number): void;
  /** How long things take from now on, in milliseconds. */
  timings(change: Partial<Ec2Timings>): void;
}

/** EC2 of that account and region in that world. */
export function ec2Compute(place: ComputePlace): Ec2Compute {
  const state = ec2State(place);
  return {
    instances: () =>
      [...state.instances.values()].map((instance) => ({
        ...describeInstance(state, instance),
        state: instance.state,
        allTags: Object.fromEntries(instance.tags),
      })),
    createLaunchTemplate: (name, data = {}) => void createLaunchTemplate(state, name, data),
    addLaunchTemplateVersion: (name, data) => addTemplateVersion(findTemplate(state, { name }), data, null),
    onInstance: (listener) => listenToInstances(state, listener),
    shutDownFromInside: (id) => shutDownFromInside(state, findInstance(state, id)),
    interrupt: (id) => loseInstance(state, findInstance(state, id)),
    forget: (id) => forgetInstance(state, findInstance(state, id)),
    staleReads: (ms) => delayView(state.view, ms, showInstances(state)),
    timings: (change) => void Object.assign(state.timings, change),
  };
}
