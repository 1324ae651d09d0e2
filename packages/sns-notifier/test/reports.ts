import type { DeploymentReport } from "@windlass/deployment";

/** A failed deployment, changed as a test wants it. */
export function aReport(change: Partial<DeploymentReport> = {}): DeploymentReport {
  return {
    workload: "dataGov",
    area: "production",
    image: "dga-web",
    kind: "terraform",
    deployment: "20261124t021500z-42" as DeploymentReport["deployment"],
    attempt: 1,
    digest: `sha256:${"1a2b".repeat(16)}` as DeploymentReport["digest"],
    commit: "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c",
    stage: "ended",
    outcome: "failed",
    waitingFor: null,
    startedAt: "2026-11-24T02:15:00.000Z" as DeploymentReport["startedAt"],
    endedAt: "2026-11-24T02:17:30.000Z" as DeploymentReport["endedAt"],
    plan: { add: 3, change: 1, destroy: 0 },
    failure: { code: "terraform-failed", message: "Error: no such bucket", hint: "make the bucket" },
    noop: false,
    brokenLock: null,
    notes: [],
    retryAt: null,
    isLive: false,
    lastGood: null,
    logUrl: "https://ap-southeast-2.console.aws.amazon.com/s3/buckets/b?prefix=runs/20261124t021500z-42/",
    ...change,
  };
}
