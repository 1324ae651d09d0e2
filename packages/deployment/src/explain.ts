import type { TickContext } from "./context.ts";
import { describeReason } from "./describe-reason.ts";
import { isWaiting } from "./draft.ts";
import { GATE_RULES } from "./gate-rules.ts";
import { askGroup, type Busy, findBusy } from "./group-rule.ts";
import type { Deployment } from "./ledger.ts";
import type { Reason } from "./reason.ts";
import { passes, type RuleAnswer, type RuleName, type Subject, stops, type Verdict } from "./rule.ts";
import { TARGET_RULES } from "./target-rules.ts";

/** For every image: where it stands, and why it goes no further. It is the first rule that stops it. */
export function explainImages(context: TickContext): Readonly<Record<string, Reason>> {
  const busy = findBusy(context);
  const reasons = subjectsOf(context).map((subject) => [subject.name, reasonOf(context, subject, busy)]);
  return Object.fromEntries(reasons);
}

/** For every image: every rule that was looked at, in that order, with its answer. */
export function explainRules(context: TickContext): Readonly<Record<string, readonly RuleAnswer[]>> {
  const busy = findBusy(context);
  const answers = subjectsOf(context).map((subject) => [
    subject.name,
    [...askRules(context, subject, busy)].map(([rule, verdict]) => answerOf(rule, verdict)),
  ]);
  return Object.fromEntries(answers);
}

function subjectsOf({ slice }: TickContext): readonly Subject[] {
  return Object.entries(slice.images).map(([name, image]) => ({ name, image }));
}

function reasonOf(context: TickContext, subject: Subject, busy: Busy): Reason {
  for (const [, verdict] of askRules(context, subject, busy)) if (verdict.kind === "stops") return verdict.reason;
  return { kind: "ready" };
}

function answerOf(rule: RuleName, verdict: Verdict): RuleAnswer {
  return verdict.kind === "stops"
    ? { rule, kind: "stops", because: describeReason(verdict.reason), reason: verdict.reason }
    : { rule, ...verdict };
}

/** One by one, so that whoever wants the first that stops asks no more than that. */
function* askRules(context: TickContext, subject: Subject, busy: Busy): Generator<readonly [RuleName, Verdict]> {
  let reached = true;
  const heard = (name: RuleName, verdict: Verdict) => {
    if (verdict.kind === "stops") reached = false;
    return [name, verdict] as const;
  };
  yield heard("deployment", askDeployment(context, subject));
  for (const { name, ask } of TARGET_RULES) yield heard(name, ask(context, subject));
  for (const { name, ask } of GATE_RULES) yield heard(name, ask(context, subject));
  yield heard("group", askGroup(context, subject, { busy, reached }));
}

function askDeployment({ draft }: TickContext, { name }: Subject): Verdict {
  const active = draft.activeOf(name);
  if (active === undefined) return passes("no deployment of it is under way");
  return isWaiting(active) ? passes(`it waits since ${active.waitingSince} (${active.id})`) : stops(deploying(active));
}

function deploying(deployment: Deployment): Reason {
  const { id, progress, refresh } = deployment;
  if (refresh !== null) {
    const percentages = Object.values(refresh.groups).map(({ percentage }) => percentage ?? 0);
    const phase = refresh.stage === "rolling" ? "refreshing" : "rolling-back";
    return { kind: "deploying", deployment: id, phase, progress: `${Math.min(...percentages)}%` };
  }
  return { kind: "deploying", deployment: id, phase: deployment.phase ?? "launching", progress };
}
