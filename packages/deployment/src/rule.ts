import type { Image } from "@windlass/account-mapping";
import type { TickContext } from "./context.ts";
import type { Reason } from "./reason.ts";

/** Everything that is looked at before an image is deployed, in the order in which it is looked at. */
export type RuleName =
  /** No deployment of the image is under way. */
  | "deployment"
  /** `unknown` and `state-unsaved` block an image. */
  | "block"
  /** What failed too often, or was cancelled, is not tried again by itself. */
  | "attempts"
  /** A person holds the image at a digest. */
  | "hold"
  /** There is a digest to deploy. */
  | "head"
  /** It is not live yet, or the account may have been changed since. */
  | "live"
  /** The controls could be read. */
  | "controls"
  /** The head could be read from the registry in this tick. */
  | "registry"
  /** A person paused the area. */
  | "pause"
  /** Images that come first. */
  | "dependencies"
  /** Time between two attempts. */
  | "back-off"
  | "freeze"
  | "window"
  /** The deploy group, or the image's own groups, can take a deployment. */
  | "group";

/** What a rule says of an image. */
export type Verdict =
  | { readonly kind: "passes"; readonly because: string }
  | { readonly kind: "stops"; readonly reason: Reason }
  /** The question does not come up. */
  | { readonly kind: "not-asked"; readonly because: string };

/** What a rule said, for people: `because` is a clause such as `the window is open until 2026-11-24T17:00+11:00`. */
export type RuleAnswer =
  | { readonly rule: RuleName; readonly kind: "passes" | "not-asked"; readonly because: string }
  | { readonly rule: RuleName; readonly kind: "stops"; readonly because: string; readonly reason: Reason };

export interface Subject {
  readonly name: string;
  readonly image: Image;
}

export interface Rule<Context = TickContext> {
  readonly name: RuleName;
  readonly ask: (context: Context, subject: Subject) => Verdict;
}

/** The first of these rules that stops the image; null where all let it pass. */
export function firstStop<Context>(rules: readonly Rule<Context>[], context: Context, subject: Subject): Reason | null {
  for (const rule of rules) {
    const verdict = rule.ask(context, subject);
    if (verdict.kind === "stops") return verdict.reason;
  }
  return null;
}

export function passes(because: string): Verdict {
  return { kind: "passes", because };
}

export function stops(reason: Reason): Verdict {
  return { kind: "stops", reason };
}

export function notAsked(because: string): Verdict {
  return { kind: "not-asked", because };
}
