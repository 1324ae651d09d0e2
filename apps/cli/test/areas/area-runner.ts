import { type Assignment, type DeploymentId, type Lease, type Result, toInstant } from "@windlass/deployment";
import type { LogStep } from "@windlass/ledger-store";
import type { TickPorts } from "./area-ticks.ts";

/** What the program on the deploy instance does, one step at a time. */
export interface AreaRunner {
  readonly deployment: DeploymentId;
  claim(): Promise<void>;
  phase(phase: Lease["phase"], progress?: string): Promise<void>;
  /** Writes the next segment of that step's log. */
  log(step: LogStep, text: string): Promise<void>;
  /** Writes the result, and takes the instance out of the group. */
  finish(change?: Partial<Result>): Promise<void>;
}

export async function areaRunner(ports: TickPorts, deployment: DeploymentId, now: () => Date): Promise<AreaRunner> {
  const { store, group } = ports;
  const reading = await store.readAssignment(deployment);
  if (reading.kind !== "present") throw new Error(`no assignment for ${deployment}: ${reading.kind}`);
  const assignment: Assignment = reading.value;
  const observed = await group.observe();
  const instance = observed.kind === "group" ? (observed.instances[0]?.id ?? "i-gone") : "i-unknown";
  const record = { schema: 1, deployment, epoch: assignment.epoch, instance, nonce: `nonce-${instance}` } as const;
  const segments = new Map<LogStep, number>();
  const startedAt = toInstant(now());
  return {
    deployment,
    async claim() {
      await store.claim({ ...record, holder: "runner", at: toInstant(now()) });
    },
    async phase(phase, progress) {
      const there = await store.readLease(deployment);
      const previous = there.kind === "present" ? there.etag : null;
      await store.renewLease({ ...record, phase, progress: progress ?? null, at: toInstant(now()) }, previous);
    },
    async log(step, text) {
      const number = (segments.get(step) ?? 0) + 1;
      segments.set(step, number);
      await store.putLogSegment({ deployment, step, number, text });
    },
    async finish(change = {}) {
      await store.putResult({
        ...record,
        outcome: "succeeded",
        exitCode: 0,
        digest: assignment.digest,
        plan: { add: 2, change: 1, destroy: 0 },
        failure: null,
        steps: [{ step: "init", exitCode: 0, seconds: 3 }],
        brokenLock: null,
        notes: [],
        startedAt,
        endedAt: toInstant(now()),
        ...change,
      });
      if (instance.startsWith("i-g") === false) await group.terminate(instance);
    },
  };
}
