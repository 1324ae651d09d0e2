import type { InstanceDescription } from "../metadata/instance-source.ts";
import { describeInstance } from "./describe-instance.ts";
import type { Ec2State } from "./ec2-state.ts";

/** Plays the inside of instances, for instance a process for each. */
export interface InstanceListener {
  /** The operating system is up. */
  booted?(instance: InstanceDescription): void;
  /**
   * Called once for each instance that booted, also when it is stopped. Abrupt: the hardware is gone, and whatever ran
   * on it is gone with it; otherwise the operating system is told to shut down and has some time for it.
   */
  terminating?(instance: InstanceDescription, how: { readonly abrupt: boolean }): void;
}

/** Begins with the next change; the returned function ends it. */
export function listenToInstances(state: Ec2State, listener: InstanceListener): () => void {
  const up = new Map<string, InstanceDescription>();
  const watcher: Parameters<typeof state.watchers.add>[0] = (instance, change) => {
    if (change === "running") {
      const description = describeInstance(state, instance);
      up.set(instance.id, description);
      listener.booted?.(description);
      return;
    }
    const description = up.get(instance.id);
    if (description === undefined) return;
    up.delete(instance.id);
    listener.terminating?.(description, { abrupt: change === "lost" });
  };
  state.watchers.add(watcher);
  return () => void state.watchers.delete(watcher);
}
