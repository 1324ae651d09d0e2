import type { SandboxClock } from "../core/clock.ts";
import { type StateKey, stateKey, type World } from "../core/world.ts";
import type { ShownInstance } from "./show-instance.ts";
import { createStaleView, type StaleView } from "./stale-view.ts";

/** One account's EC2 in one region, and what is needed to change it. */
export interface ComputePlace {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly account: string;
  readonly region: string;
}

export type InstanceState = "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";
export type ShutdownBehavior = "stop" | "terminate";

export interface StateReason {
  readonly code: string;
  readonly message: string;
}

export interface Instance {
  readonly id: string;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly privateIp: string;
  /** Milliseconds. */
  readonly launchedAt: number;
  /** ARN of the instance profile. */
  readonly profileArn: string | null;
  readonly shutdownBehavior: ShutdownBehavior;
  /** Whether the tags can be read in the instance's metadata. */
  readonly metadataTags: boolean;
  readonly userData: string | null;
  readonly tags: Map<string, string>;
  state: InstanceState;
  stateReason: StateReason | null;
  /** The hardware is gone, and EC2 has not noticed yet. */
  lost: boolean;
  /** Counts changes of state, so that a late one can tell that it is overtaken. */
  moves: number;
}

/** What happens to an instance, for those that keep groups of them or play its inside. */
export type InstanceChange = "running" | "stopping" | "stopped" | "shutting-down" | "terminated" | "lost" | "forgotten";

export type InstanceWatcher = (instance: Instance, change: InstanceChange) => void;

/** How long things take, in milliseconds. */
export interface Ec2Timings {
  /** From `pending` to `running`. */
  bootMs: number;
  stopMs: number;
  terminateMs: number;
  /** Until EC2 notices that the hardware under an instance is gone. */
  noticeLossMs: number;
  /** How long a terminated instance stays visible. */
  forgetMs: number;
}

export interface TemplateData {
  readonly imageId?: string;
  readonly instanceType?: string;
  /** Name or ARN of the instance profile; the sandbox takes its last segment for the role's name. */
  readonly profile?: string;
  /** `stop` where it is not given, as in EC2. */
  readonly shutdownBehavior?: ShutdownBehavior;
  readonly metadataTags?: boolean;
  readonly userData?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  defaultVersion: number;
  /** Version 1 is the first. */
  readonly versions: TemplateData[];
}

export interface Ec2State extends ComputePlace {
  readonly instances: Map<string, Instance>;
  /** By id. */
  readonly templates: Map<string, LaunchTemplate>;
  readonly watchers: Set<InstanceWatcher>;
  readonly timings: Ec2Timings;
  readonly view: StaleView<readonly ShownInstance[]>;
}

/** Order of magnitude of what EC2 does; an hour of visibility is EC2's own (EC2 guide, "Terminate instances"). */
const defaultTimings: Ec2Timings = {
  bootMs: 20_000,
  stopMs: 20_000,
  terminateMs: 30_000,
  noticeLossMs: 60_000,
  forgetMs: 3_600_000,
};

const key: StateKey<Ec2State> = stateKey("ec2");

export function ec2State(place: ComputePlace): Ec2State {
  const { world, clock, account, region } = place;
  return world.state(key, account, region, () => ({
    world,
    clock,
    account,
    region,
    instances: new Map(),
    templates: new Map(),
    watchers: new Set(),
    timings: { ...defaultTimings },
    view: createStaleView(clock),
  }));
}

/** Every account's and region's EC2 that has been used. */
export function allEc2States(world: World): readonly Ec2State[] {
  return world.states(key).map(({ state }) => state);
}
