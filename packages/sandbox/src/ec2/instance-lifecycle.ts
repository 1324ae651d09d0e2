import { instanceNotFound } from "./ec2-fault.ts";
import type { Ec2State, Instance, InstanceChange, InstanceState, StateReason, TemplateData } from "./ec2-state.ts";
import { metadataTagFault } from "./instance-tags.ts";
import { showInstances } from "./show-instance.ts";
import { recordView } from "./stale-view.ts";

export interface InstanceLaunch {
  readonly data: TemplateData;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Starts an instance; it is `running` after its boot. Throws what EC2 would refuse the launch with. */
export function launchInstance(state: Ec2State, launch: InstanceLaunch): Instance {
  const { data, availabilityZone, subnetId } = launch;
  const tags = new Map(Object.entries({ ...data.tags, ...launch.tags }));
  const fault = data.metadataTags === true ? metadataTagFault(tags.keys()) : null;
  if (fault !== null) throw fault;
  const number = Number.parseInt(state.world.hexId(6), 16);
  const instance: Instance = {
    id: `i-${state.world.hexId(17)}`,
    availabilityZone,
    subnetId,
    instanceType: data.instanceType ?? "t3.small",
    imageId: data.imageId ?? "ami-00000000000000001",
    privateIp: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
    launchedAt: state.clock.now(),
    profileArn: data.profile === undefined ? null : profileArn(state, data.profile),
    shutdownBehavior: data.shutdownBehavior ?? "stop",
    metadataTags: data.metadataTags ?? false,
    userData: data.userData ?? null,
    tags,
    state: "pending",
    stateReason: null,
    lost: false,
    moves: 0,
  };
  state.instances.set(instance.id, instance);
  changed(state);
  moveLater(state, instance, { after: state.timings.bootMs, to: "running" });
  return instance;
}

export function findInstance(state: Ec2State, id: string): Instance {
  const instance = state.instances.get(id);
  if (instance === undefined) throw instanceNotFound([id]);
  return instance;
}

/** Nothing happens to an instance that is on its way out already. */
export function terminateInstance(state: Ec2State, instance: Instance, reason: StateReason = userShutdown): void {
  if (instance.state === "terminated" || instance.state === "shutting-down") return;
  instance.stateReason = reason;
  move(state, instance, "shutting-down");
  moveLater(state, instance, { after: state.timings.terminateMs, to: "terminated" });
}

export function stopInstance(state: Ec2State, instance: Instance, reason: StateReason = userShutdown): void {
  if (instance.state !== "running" && instance.state !== "pending") return;
  instance.stateReason = reason;
  move(state, instance, "stopping");
  moveLater(state, instance, { after: state.timings.stopMs, to: "stopped" });
}

export function startInstance(state: Ec2State, instance: Instance): void {
  if (instance.state !== "stopped") return;
  instance.stateReason = null;
  move(state, instance, "pending");
  moveLater(state, instance, { after: state.timings.bootMs, to: "running" });
}

/** The operating system shuts down: stop unless the launch template says terminate (EC2 guide, "Change shutdown behavior"). */
export function shutDownFromInside(state: Ec2State, instance: Instance): void {
  if (instance.shutdownBehavior === "terminate") terminateInstance(state, instance, instanceShutdown);
  else stopInstance(state, instance, instanceShutdown);
}

/** The hardware is gone at once, without a word to what runs on it; EC2 says `running` until it notices. */
export function loseInstance(state: Ec2State, instance: Instance): void {
  if (instance.lost || instance.state === "terminated") return;
  instance.lost = true;
  announce(state, instance, "lost");
  changed(state);
  const reason = {
    code: "Server.InternalError",
    message: "Server.InternalError: Internal error on launch or host failure",
  };
  state.clock.schedule(state.timings.noticeLossMs, () => terminateInstance(state, instance, reason));
}

/** EC2 no longer knows the instance. */
export function forgetInstance(state: Ec2State, instance: Instance): void {
  if (!state.instances.delete(instance.id)) return;
  announce(state, instance, "forgotten");
  changed(state);
}

/** To be called after each change of an instance. */
export function changed(state: Ec2State): void {
  recordView(state.view, () => showInstances(state));
}

const userShutdown = {
  code: "Client.UserInitiatedShutdown",
  message: "Client.UserInitiatedShutdown: User initiated shutdown",
};
const instanceShutdown = {
  code: "Client.InstanceInitiatedShutdown",
  message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown",
};

interface Move {
  readonly after: number;
  readonly to: "running" | "stopped" | "terminated";
}

function moveLater(state: Ec2State, instance: Instance, { after, to }: Move): void {
  const { moves } = instance;
  state.clock.schedule(after, () => {
    // Whatever happened in between has a schedule of its own; a host that is gone never gets to run.
    if (instance.moves === moves && !(instance.lost && to === "running")) move(state, instance, to);
  });
}

function move(state: Ec2State, instance: Instance, to: InstanceState): void {
  instance.moves += 1;
  instance.state = to;
  if (to === "terminated") state.clock.schedule(state.timings.forgetMs, () => forgetInstance(state, instance));
  if (to !== "pending") announce(state, instance, to);
  changed(state);
}

function announce(state: Ec2State, instance: Instance, change: InstanceChange): void {
  for (const watcher of [...state.watchers]) watcher(instance, change);
}

function profileArn(state: Ec2State, profile: string): string {
  return profile.startsWith("arn:") ? profile : `arn:aws:iam::${state.account}:instance-profile/${profile}`;
}
