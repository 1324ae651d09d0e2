import { type Assignment, assignmentSchema } from "@windlass/deployment";
import type { RunSettings, RunTimings } from "../../src/ports.ts";
import { createStop } from "../../src/stop.ts";

export const ACCOUNT = "333333333333";
export const REGION = "ap-southeast-2";
export const BUCKET = `windlass-state-${ACCOUNT}`;
export const GROUP = "windlass-deploy";
/** The deploy instance's role in the worlds of these tests. */
export const INSTANCE_ROLE = "deploy-instance";
/** Terraform's. */
export const APPLY_ROLE_NAME = "windlass-apply-staging";
export const DIGEST = `sha256:${"ab".repeat(32)}`;
export const OTHER_DIGEST = `sha256:${"cd".repeat(32)}`;
export const DEPLOYMENT = "20261124t090000z-7";

export function anAssignment(change: Record<string, unknown> = {}): Assignment {
  return assignmentSchema.parse({
    schema: 1,
    deployment: DEPLOYMENT,
    epoch: 7,
    workload: "dataGov",
    area: "staging",
    account: ACCOUNT,
    region: REGION,
    image: "dga-network",
    kind: "terraform",
    digest: DIGEST,
    commit: null,
    registry: { account: "111111111111", region: REGION },
    repository: "dga-network",
    timeoutSeconds: 2700,
    state: "managed",
    entrypoint: null,
    variables: {},
    branch: "Staging",
    github: { organization: "AusDTO", repository: "dga-network" },
    expectsState: false,
    confirmedDead: [],
    decidedAt: "2026-11-24T09:00:00.000Z",
    ...change,
  });
}

export const TIMINGS: RunTimings = {
  lease: 20,
  fence: 180,
  grace: 300,
  urgentGrace: 75,
  kill: 15,
  startUp: 300,
  saving: 600,
  retire: 120,
  lock: 60,
  log: 5,
};

export function someSettings(change: Partial<RunSettings> = {}): RunSettings {
  return {
    deployment: anAssignment().deployment,
    instance: "i-0123456789abcdef0",
    nonce: "nonce-of-this-runner",
    area: "staging",
    account: ACCOUNT,
    region: REGION,
    stateBucket: BUCKET,
    endpointUrl: null,
    secrets: [],
    timings: TIMINGS,
    stop: createStop(),
    ...change,
  };
}
