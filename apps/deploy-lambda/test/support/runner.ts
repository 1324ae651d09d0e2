import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { createDeployGroup, type DeployGroup, deploymentTag } from "@windlass/asg-orchestrator";
import { type Assignment, type DeploymentId, type Lease, type Result, toInstant } from "@windlass/deployment";
import { account, deployGroup } from "./names.ts";
import type { TestArea } from "./test-area.ts";

/** What the program on a deploy instance does, one step at a time: the protocol of claim, lease and result. */
export interface ScriptedRunner {
  readonly instance: string;
  readonly assignment: Assignment;
  /** Protects its instance from scale-in, which comes before the claim. */
  protect(): Promise<void>;
  /** Protects, then claims. */
  claim(): Promise<"held" | "taken">;
  phase(phase: Lease["phase"]): Promise<void>;
  finish(change?: Partial<Result>): Promise<void>;
  /** Ends its instance through the group, as it should. */
  retire(): Promise<void>;
}

/** The runner of an instance that booted; by default of the only one. */
export async function bootedRunner(area: TestArea, instanceId?: string): Promise<ScriptedRunner> {
  const instances = area.group.group(deployGroup)?.instances ?? [];
  const instance = instanceId ?? instances.find(({ lifecycle }) => lifecycle === "InService")?.id;
  if (instance === undefined) throw new Error("no deploy instance is in service");
  const group = createDeployGroup({ client: runnerClient(area), group: deployGroup });
  return script({ area, group, instance, assignment: await readAssignment(area, instance) });
}

/** Plays a deployment from its launched instance to the end, and lets the instance go. */
export async function runToEnd(area: TestArea, change?: Partial<Result>): Promise<ScriptedRunner> {
  const runner = await bootedRunner(area);
  await runner.claim();
  await runner.phase("applying");
  await runner.finish(change);
  await runner.retire();
  return runner;
}

function runnerClient({ sandbox }: TestArea): AutoScalingClient {
  const identity = sandbox.clientConfig({ account, role: "windlass-runner", session: "test" });
  return new AutoScalingClient({ ...identity, maxAttempts: 1 });
}

async function readAssignment(area: TestArea, instance: string): Promise<Assignment> {
  const tags = area.ec2.instances().find(({ instanceId }) => instanceId === instance)?.allTags;
  const reading = await area.store.readAssignment(tags?.[deploymentTag] as DeploymentId);
  if (reading.kind !== "present") throw new Error(`instance ${instance} finds no assignment: ${reading.kind}`);
  return reading.value;
}

interface Stage {
  readonly area: TestArea;
  readonly group: DeployGroup;
  readonly instance: string;
  readonly assignment: Assignment;
}

function script({ area, group, instance, assignment }: Stage): ScriptedRunner {
  const { deployment, epoch, digest } = assignment;
  const at = () => toInstant(new Date(area.clock.now()));
  const record = { schema: 1, deployment, epoch, instance, nonce: `nonce-${instance}` } as const;
  return {
    instance,
    assignment,
    protect: () => group.protect(instance),
    async claim() {
      await group.protect(instance);
      return (await area.store.claim({ ...record, holder: "runner", at: at() })).kind;
    },
    async phase(phase) {
      const there = await area.store.readLease(deployment);
      const previous = there.kind === "present" ? there.etag : null;
      const renewal = await area.store.renewLease({ ...record, phase, progress: null, at: at() }, previous);
      if (renewal.kind !== "renewed") throw new Error("the lease is another's");
    },
    async finish(change = {}) {
      const result: Result = {
        ...record,
        outcome: "succeeded",
        exitCode: 0,
        digest,
        plan: { add: 1, change: 0, destroy: 0 },
        failure: null,
        steps: [],
        brokenLock: null,
        notes: [],
        startedAt: at(),
        endedAt: at(),
        ...change,
      };
      await area.store.putResult(result);
    },
    retire: async () => void (await group.terminate(instance)),
  };
}
