/** What is really so, whatever the product believes: written by the actors, read by the checks. */
import type { ImagePlan } from "../core/scenario.ts";

/** One pushed image, and what Terraform, or the group, makes of it. */
export interface Build {
  readonly digest: string;
  readonly image: string;
  readonly commit: string;
  readonly nature: "good" | "noop" | "fails-init" | "fails-plan" | "fails-apply";
  /** Seconds that its apply takes. */
  readonly applySeconds: number;
  exists: boolean;
  pullable: boolean;
  /** The image's repository has its commit. */
  readonly onGitHub: boolean;
}

/** One run of what changes the world. */
export interface Apply {
  readonly deployment: string;
  readonly image: string;
  readonly digest: string;
  readonly instance: string;
  readonly startedAt: number;
  end: "running" | "succeeded" | "failed" | "killed" | "crashed" | "unsaved";
  endedAt: number | null;
}

export interface StateTruth {
  serial: number;
  lock: {
    readonly id: string;
    readonly holder: string;
    readonly instance: string | null;
    readonly created: string;
  } | null;
}

export interface ControlTruth {
  readonly id: string;
  /** Its object's. */
  readonly key: string;
  readonly kind: "hold" | "unhold" | "retry" | "unblock" | "cancel" | "deploy-now" | "pause" | "resume";
  /** Empty where it is about the whole area. */
  readonly image: string;
  readonly digest: string | null;
  readonly placedAt: number;
  /** When the ledger first said that it was applied. */
  appliedAt: number | null;
}

export interface Truth {
  readonly plans: ReadonlyMap<string, ImagePlan>;
  /** By digest. */
  readonly builds: Map<string, Build>;
  /** By image: what the tag was on, oldest first; null: nothing. */
  readonly heads: Map<string, { readonly digest: string | null; readonly at: number }[]>;
  readonly states: Map<string, StateTruth>;
  readonly live: Set<Apply>;
  /** By deployment. */
  readonly applies: Map<string, Apply>;
  /** Deployments for which a plan with nothing in it was made, and its digest. */
  readonly noops: Map<string, string>;
  /** By image: what may have changed the world and is not known to have ended well. */
  readonly disturbed: Map<string, { readonly deployment: string; readonly at: number; readonly why: string }>;
  readonly controls: ControlTruth[];
  /** By image: when somebody last closed, locked or deleted its issue. */
  readonly issuesTouched: Map<string, number>;
  /** Deployments whose reports may have been given up: there were too many, or they were too old. */
  readonly givenUp: Set<string>;
  /** Instances that something other than the product has ended or is ending. */
  readonly harmed: Set<string>;
  /** By instance: when it was seen to be over, as EC2 has it. */
  readonly gone: Map<string, number>;
}

export function createTruth(images: readonly ImagePlan[]): Truth {
  return {
    plans: new Map(images.map((image) => [image.name, image])),
    builds: new Map(),
    heads: new Map(images.map((image) => [image.name, []])),
    states: new Map(images.map((image) => [image.name, { serial: 0, lock: null }])),
    live: new Set(),
    applies: new Map(),
    noops: new Map(),
    disturbed: new Map(),
    controls: [],
    issuesTouched: new Map(),
    givenUp: new Set(),
    harmed: new Set(),
    gone: new Map(),
  };
}

/** What the tag is on now. */
export function headOf(truth: Truth, image: string): string | null {
  return truth.heads.get(image)?.at(-1)?.digest ?? null;
}
