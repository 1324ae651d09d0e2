import type { StepExit } from "@windlass/deploy-runner";
import type { Sim } from "../core/sim.ts";
import type { Apply, Build, StateTruth } from "../world/truth.ts";

/** One step of Terraform while it runs. */
export interface StepStage {
  readonly sim: Sim;
  readonly build: Build;
  readonly state: StateTruth;
  readonly job: Job;
  readonly files: Map<string, string>;
  readonly plans: WorkspacePlans;
  out(text: string): void;
  err(text: string): void;
  sleep(seconds: number): Promise<void>;
  readonly interrupted: () => boolean;
  /** Told, so that an end by force leaves what such an end leaves. */
  holds(apply: Apply): void;
}

/** What was planned in one workspace. */
export interface WorkspacePlans {
  /** The last plan that came to an end; null where the last one did not, or there was none. */
  last: { readonly file: string; readonly text: string } | null;
  made: number;
}

export interface Job {
  readonly deployment: string;
  readonly instance: string;
  readonly nonce: string;
  readonly keeping: "managed" | "image" | "store";
}

export const exited = (code: number): StepExit => ({ kind: "exited", code });

export function fail({ err }: Pick<StepStage, "err">, message: string): StepExit {
  err(`Error: ${message}\n`);
  return exited(1);
}
