import type { ImageDigest, PlanCounts, Result } from "@windlass/deployment";
import type { Step, Workspace } from "./engine.ts";

/** What there is to tell about a deployment, filled in as it goes on, so that it can be told whatever ends it. */
export interface DeployRecord {
  /** What really runs, once it is known. */
  digest: ImageDigest | null;
  plan: PlanCounts | null;
  readonly steps: Result["steps"][number][];
  /** A lock of a dead deployment that this one broke. */
  brokenLock: Result["brokenLock"];
  /** What people should know though nothing failed. */
  readonly notes: string[];
  /** From here on the world may have changed. */
  applyStarted: boolean;
  /** Where it works, or worked: to be removed once all is told. */
  workspace: Workspace | null;
}

export function emptyRecord(): DeployRecord {
  return { digest: null, plan: null, steps: [], brokenLock: null, notes: [], applyStarted: false, workspace: null };
}

/** The last step of Terraform that has ended; null where none has. */
export function lastStep({ steps }: DeployRecord): Step | null {
  return steps.at(-1)?.step ?? null;
}
