import { attemptsAt, attemptsMade, quarantineOf } from "./attempts.ts";
import { isLive, type TickContext, targetOf } from "./context.ts";
import { notAsked, passes, type Rule, type Subject, stops, type Verdict } from "./rule.ts";

type TargetContext = Pick<TickContext, "draft">;

/** Whether there is something to deploy that may be tried: all that is asked before a deployment begins to wait. */
export const TARGET_RULES: readonly Rule<TargetContext>[] = [
  { name: "block", ask: askBlock },
  { name: "attempts", ask: askAttempts },
  { name: "hold", ask: askHold },
  { name: "head", ask: askHead },
  { name: "live", ask: askLive },
];

function askBlock({ draft }: TargetContext, { name }: Subject): Verdict {
  const { block } = draft.image(name);
  if (block === null) return passes("nothing blocks it");
  return stops({ kind: "blocked", deployment: block.deployment, outcome: block.outcome });
}

function askAttempts(context: TargetContext, { name, image }: Subject): Verdict {
  const attempts = attemptsAt(context.draft.image(name), targetOf(context, name)?.digest);
  const quarantine = quarantineOf(attempts, image);
  if (quarantine !== null) return stops({ kind: "quarantined", ...quarantine });
  const made = attemptsMade(attempts);
  return passes(
    made === 0
      ? "nothing has been tried in vain"
      : `attempt ${made} ended ${attempts?.last.outcome}, another is allowed`,
  );
}

function askHold(context: TargetContext, { name }: Subject): Verdict {
  const { hold } = context.draft.image(name);
  if (hold === null) return passes("nobody holds it");
  const target = targetOf(context, name);
  if (target === null || isLive(context, name, target)) {
    return stops({ kind: "held", digest: hold.digest, request: hold.request });
  }
  return passes(`held at ${target.digest} by ${hold.request.by}, which is to be deployed`);
}

function askHead(context: TargetContext, { name }: Subject): Verdict {
  if (context.draft.image(name).hold !== null) return notAsked("it is held, so its tag does not count");
  const target = targetOf(context, name);
  return target === null ? stops({ kind: "no-head" }) : passes(`its head is ${target.digest}`);
}

function askLive(context: TargetContext, { name }: Subject): Verdict {
  const { live, disturbed } = context.draft.image(name);
  const target = targetOf(context, name);
  if (target === null) return notAsked("there is nothing to deploy");
  if (isLive(context, name, target)) return stops({ kind: "live" });
  if (live === null) return passes("nothing is live");
  if (live.digest !== target.digest) return passes(`${live.digest} is live`);
  return passes(`it was live, but ${disturbed?.deployment} may have changed the account since`);
}
