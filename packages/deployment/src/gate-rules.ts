import { attemptsAt, attemptsMade, INTERRUPTED_RETRIES } from "./attempts.ts";
import { type TickContext, targetOf } from "./context.ts";
import { dependenciesOf, unsettledDependency } from "./dependencies.ts";
import { isFuture } from "./identifiers.ts";
import { notAsked, passes, type Rule, type Subject, stops, type Verdict } from "./rule.ts";

/** Whether what waits may start now, as far as its group is not concerned. */
export const GATE_RULES: readonly Rule[] = [
  { name: "controls", ask: askControls },
  { name: "registry", ask: askRegistry },
  { name: "pause", ask: askPause },
  { name: "dependencies", ask: askDependencies },
  { name: "back-off", ask: askBackOff },
  { name: "freeze", ask: askFreeze },
  { name: "window", ask: askWindow },
];

/** A failed read never leads to a start: a hold may be waiting to be read. */
function askControls({ observation }: TickContext): Verdict {
  if (observation.controls.kind === "unreadable") return stops({ kind: "unreadable", what: "the controls" });
  return passes("the controls could be read");
}

/** A failed read never leads to a start: the tag may have moved. */
function askRegistry({ observation, draft }: TickContext, { name }: Subject): Verdict {
  if (draft.image(name).hold !== null) return notAsked("it is held, so its tag does not count");
  const reading = observation.heads[name];
  if (reading === undefined || reading.kind === "unreadable") return stops({ kind: "unreadable", what: "its head" });
  return passes("its tag could be looked for in the registry");
}

function askPause({ draft }: TickContext): Verdict {
  const request = draft.pause();
  return request === null ? passes("the area is not paused") : stops({ kind: "paused", request });
}

function askDependencies(context: TickContext, { name }: Subject): Verdict {
  const unsettled = unsettledDependency(context, name);
  if (unsettled !== null) return stops({ kind: "waiting-dependency", ...unsettled });
  const names = dependenciesOf(context, name);
  return passes(names.length === 0 ? "it comes after no other image" : `live: ${names.join(", ")}`);
}

function askBackOff(context: TickContext, { name, image }: Subject): Verdict {
  const attempts = attemptsAt(context.draft.image(name), targetOf(context, name)?.digest);
  if (attempts?.notBefore == null || !isFuture(attempts.notBefore, context.now)) {
    return passes("no attempt has to be waited for");
  }
  const { outcome } = attempts.last;
  const of = 1 + (outcome === "failed" ? image.retries : INTERRUPTED_RETRIES);
  return stops({
    kind: "waiting-retry",
    notBefore: attempts.notBefore,
    outcome,
    attempt: attemptsMade(attempts) + 1,
    of,
  });
}

function askFreeze({ draft, window }: TickContext, { name }: Subject): Verdict {
  if (window.kind === "open" || window.freeze === null) return passes("no freeze today");
  const { deployNow } = draft.image(name);
  if (deployNow !== null) return passes(`a freeze (${window.freeze}), but ${allowance(deployNow.request)}`);
  return stops({ kind: "waiting-window", opensAt: window.opensAt, freeze: window.freeze });
}

function askWindow({ draft, window }: TickContext, { name }: Subject): Verdict {
  if (window.kind === "open")
    return passes(`the window is open${window.closesAt === null ? "" : ` until ${window.closesAt}`}`);
  const { deployNow } = draft.image(name);
  if (deployNow !== null) return passes(`the window is closed, but ${allowance(deployNow.request)}`);
  if (window.freeze !== null) return notAsked("a freeze keeps it closed");
  return stops({ kind: "waiting-window", opensAt: window.opensAt, freeze: null });
}

function allowance({ by, reason }: { readonly by: string; readonly reason: string }): string {
  return `${by} allowed the next start by deploy-now: ${reason}`;
}
