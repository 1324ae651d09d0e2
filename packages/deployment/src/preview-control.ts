import type { AccountMapping } from "@windlass/account-mapping";
import { applyControls, performControl } from "./apply-controls.ts";
import { openContext } from "./context.ts";
import type { Control } from "./control.ts";
import { isActive, isWaiting } from "./draft.ts";
import type { Deployment, Ledger } from "./ledger.ts";
import type { ControlsReading } from "./observation.ts";
import { forgetOldTargets } from "./observe-heads.ts";
import { planWaiting } from "./plan-waiting.ts";

export interface PreviewInput {
  /** As the last tick left it. */
  readonly ledger: Ledger;
  /** What is to be taken before: the same tick takes it. */
  readonly controls: ControlsReading;
  readonly slice: AccountMapping;
  readonly now: Date;
}

export type ControlPreview =
  | { readonly kind: "unknown-image"; readonly known: readonly string[] }
  /** `because` is a clause such as `it is not held`. */
  | { readonly kind: "without-effect"; readonly because: string }
  | {
      readonly kind: "effect";
      /** Deployments that begin to wait with it, and start as soon as every rule lets them. */
      readonly begins: readonly Deployment[];
      /** Deployments that end with it. */
      readonly ends: readonly Deployment[];
    };

/** What a control would do: it is applied as a tick applies it, to the heads that the last tick saw. Nothing is changed. */
export function previewControl({ ledger, controls, slice, now }: PreviewInput, control: Control): ControlPreview {
  const observation = {
    heads: {},
    group: { kind: "unreadable", code: "not-read", message: "nobody looked" },
    controls,
    runs: {},
    instances: {},
    launchFailures: [],
    groups: {},
    refreshes: {},
  } as const;
  const context = openContext(ledger, observation, slice, now);
  applyControls(context);
  forgetOldTargets(context);
  planWaiting(context);
  const before = context.draft.deployments();
  const outcome = performControl(context, control);
  if (outcome.kind === "unknown-image") return { kind: "unknown-image", known: Object.keys(slice.images) };
  if (outcome.kind === "without-effect") return outcome;
  forgetOldTargets(context);
  planWaiting(context);
  const after = context.draft.deployments();
  return {
    kind: "effect",
    begins: after.filter((one) => isWaiting(one) && !before.some(({ id }) => id === one.id)),
    ends: after.filter((one) => !isActive(one) && before.some((was) => was.id === one.id && isActive(was))),
  };
}
