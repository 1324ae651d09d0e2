import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { DeploymentId, GroupReading, InstanceReading, LaunchFailure } from "@windlass/deployment";
import { setDesired } from "./change-group.ts";
import { launchInstance } from "./launch.ts";
import { readLaunchFailures } from "./launch-failures.ts";
import { OrchestratorError, toUnreadable } from "./orchestrator-error.ts";
import { setProtection } from "./protection.ts";
import { readGroup } from "./read-group.ts";
import { readInstances } from "./read-instances.ts";
import { type Terminated, terminateInstance } from "./terminate.ts";

export interface DeployGroupOptions {
  readonly client: AutoScalingClient;
  /** Name of the Auto Scaling group: MinSize 0, MaxSize 1. */
  readonly group: string;
  /**
   * Makes the client for `readInstances`, at its first use. By default one with the Region, credentials and request
   * handler of `client`; give your own where endpoints are set by hand.
   */
  readonly loadEc2?: () => Promise<EC2Client>;
}

export interface TerminateOptions {
  /** False leaves the desired capacity as it is: for one instance too many, beside one that stays. */
  readonly decrement?: boolean;
}

/** The Auto Scaling group whose one instance runs a deployment. What fails is an `OrchestratorError`. */
export interface DeployGroup {
  /** How the group stands. A group that is missing or being deleted is unreadable, too. */
  observe(signal?: AbortSignal): Promise<GroupReading>;
  /** Launches that failed since then (ISO 8601), newest first: that capacity was set says nothing about a launch. */
  readLaunchFailures(since: string, signal?: AbortSignal): Promise<readonly LaunchFailure[]>;
  /**
   * Launches the deploy instance for this deployment; does nothing where that was done already.
   * @throws OrchestratorError `group-not-empty` where the group has an instance or is about to have one.
   */
  launch(deployment: DeploymentId, signal?: AbortSignal): Promise<void>;
  /** Lets the group go back to no instance; a protected one stays. Does nothing where that was done already. */
  retire(signal?: AbortSignal): Promise<void>;
  /**
   * Terminates an instance of this group, protected or not, and lowers the desired capacity with it, since otherwise a
   * replacement would start; `decremented` is false where that was 0 already. One that is gone or on its way is fine.
   * @throws OrchestratorError `instance-foreign` where another group has it.
   */
  terminate(instance: string, signal?: AbortSignal, options?: TerminateOptions): Promise<Terminated>;
  /** @throws OrchestratorError `instance-not-in-service` (retryable) while the instance boots. */
  protect(instance: string, signal?: AbortSignal): Promise<void>;
  /** Takes the protection off; an instance that is gone or on its way has none. */
  unprotect(instance: string, signal?: AbortSignal): Promise<void>;
  /** EC2's word on instances. Loads the EC2 client, which is large, when it is called first. */
  readInstances(ids: readonly string[], signal?: AbortSignal): Promise<Readonly<Record<string, InstanceReading>>>;
}

/**
 * Makes the deploy group's controls.
 *
 * @example
 * ```ts
 * const group = createDeployGroup({ client: new AutoScalingClient({ region }), group: "windlass-deploy" });
 * await group.launch(deployment);
 * ```
 */
export function createDeployGroup(options: DeployGroupOptions): DeployGroup {
  const { client, group } = options;
  const loadEc2 = once(options.loadEc2 ?? (() => loadBeside(client)));
  return {
    observe: (signal) => readGroup(client, group, signal).catch(toUnreadable),
    readLaunchFailures: (since, signal) => readLaunchFailures(client, group, { since: new Date(since), signal }),
    launch: (deployment, signal) => launchInstance(client, group, { deployment, signal }),
    retire: (signal) => retire(client, group, signal),
    terminate: (instance, signal, { decrement = true } = {}) =>
      terminateInstance(client, group, { instance, decrement, signal }),
    protect: (instance, signal) => setProtection(client, group, { instance, protect: true, signal }),
    unprotect: (instance, signal) => unprotect(client, group, { instance, signal }),
    readInstances: (ids, signal) => readInstances(loadEc2, ids, signal),
  };
}

async function retire(client: AutoScalingClient, group: string, signal: AbortSignal | undefined): Promise<void> {
  const { desired } = await readGroup(client, group, signal);
  if (desired > 0) await setDesired(client, group, { desired: 0, signal });
}

async function unprotect(
  client: AutoScalingClient,
  group: string,
  change: { readonly instance: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  try {
    await setProtection(client, group, { ...change, protect: false });
  } catch (error) {
    const code = error instanceof OrchestratorError ? error.code : null;
    if (code !== "instance-gone" && code !== "instance-not-in-service") throw error;
  }
}

/** The one place that loads the EC2 client: it is larger than all the others together. */
async function loadBeside(client: AutoScalingClient): Promise<EC2Client> {
  const { EC2Client: Client } = await import("@aws-sdk/client-ec2");
  const { region, credentials, requestHandler, maxAttempts } = client.config;
  return new Client({ region, credentials, requestHandler, maxAttempts });
}

/** Made at the first use; tried again where that failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    const making = made ?? make();
    made = making;
    making.catch(() => {
      made = null;
    });
    return making;
  };
}
