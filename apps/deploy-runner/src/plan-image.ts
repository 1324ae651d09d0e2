import { describeError } from "@windlass/windlass-error";
import { findBackendProblem } from "./backend-check.ts";
import { breakDeadLock } from "./break-lock.ts";
import type { Step } from "./engine.ts";
import { summarizePlan } from "./plan-summary.ts";
import { runStep, type StepContext, type StepOptions } from "./run-step.ts";
import { withinTime } from "./runner-clock.ts";
import { judgeStep, type Verdict } from "./verdict.ts";

export type Planned =
  | { readonly kind: "planned"; readonly empty: boolean }
  | { readonly kind: "ended"; readonly verdict: Verdict };

/** A longer plan is applied, too, but without counts. */
const LARGEST_PLAN_BYTES = 64 * 1_048_576;
const STORE_PLAN_MS = 15_000;

/** Init, plan and show: all of it without a change to the world. */
export async function planImage(context: StepContext): Promise<Planned> {
  const json = collectBytes(LARGEST_PLAN_BYTES);
  const verdict =
    (await takeStep(context, "init")) ??
    (await findBackendProblem(context)) ??
    (await takePlan(context)) ??
    (await takeStep(context, "show", { onBytes: json.take }));
  if (verdict !== null) return { kind: "ended", verdict };
  return { kind: "planned", empty: await readPlan(context, json.text()) };
}

/** Null where the deployment goes on. */
async function takeStep(context: StepContext, step: Step, options: StepOptions = {}): Promise<Verdict | null> {
  return judgeStep(await runStep(context, step, options), context.run.settings.stop.reason);
}

/** Planning takes the state's lock first: one that a dead deployment has left behind is met here. */
async function takePlan(context: StepContext): Promise<Verdict | null> {
  const { stop } = context.run.settings;
  const first = await runStep(context, "plan");
  const again = await breakDeadLock(context, first);
  return judgeStep(again ? await runStep(context, "plan") : first, stop.reason);
}

/** Keeps the plan and its counts; says whether there is nothing to apply. */
async function readPlan(context: StepContext, json: string | null): Promise<boolean> {
  const { run, record } = context;
  const summary = json === null ? null : summarizePlan(json);
  if (json !== null) await storePlan(context, json);
  if (summary === null) run.log.warn({}, "plan not understood: going on without counts");
  record.plan = summary?.counts ?? null;
  return summary?.empty ?? false;
}

/** For people who want to look at it; the deployment does not need it. */
async function storePlan({ run, assignment }: StepContext, content: string): Promise<void> {
  try {
    const { deployment } = assignment;
    await withinTime(run.clock, STORE_PLAN_MS, run.store.putRunFile({ deployment, name: "plan.json", content }));
  } catch (error) {
    run.log.warn({ error: describeError(error) }, "plan not stored");
  }
}

function collectBytes(limit: number): { take(bytes: Uint8Array): void; text(): string | null } {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    take(bytes) {
      length += bytes.length;
      if (length <= limit) pieces.push(bytes);
    },
    text: () => (length > limit ? null : Buffer.concat(pieces).toString("utf8")),
  };
}
