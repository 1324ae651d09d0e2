import { randomUUID } from "node:crypto";
import { type Action, type Claim, type Effect, LEASE_EXPIRY_SECONDS, toInstant } from "@windlass/deployment";
import { describeError } from "@windlass/windlass-error";
import { mapConcurrently } from "./concurrently.ts";
import type { Ports } from "./ports.ts";

/** One action that failed. The ledger still asks for it, so a later tick derives it again. */
export interface ActionFailure {
  readonly action: Action;
  readonly error: unknown;
}

export interface Performed {
  readonly effects: readonly Effect[];
  readonly failures: readonly ActionFailure[];
}

export interface PerformInput {
  readonly actions: readonly Action[];
  readonly now: Date;
  /** The time right now, for what must not be done late. */
  readonly clock: () => Date;
  readonly signal: AbortSignal;
}

/** Actions of these kinds touch nothing in common, so that many of them need not take many times as long. */
const INDEPENDENT = new Set<Action["kind"]>(["append-history", "delete-control", "start-refresh", "cancel-refresh"]);
const CONCURRENCY = 8;

/** Performs the actions in their order. One that fails does not keep the others from being performed. */
export async function performActions(ports: Ports, input: PerformInput): Promise<Performed> {
  const effects: Effect[] = [];
  const failures: ActionFailure[] = [];
  for (const batch of batches(input.actions)) {
    await mapConcurrently(batch, CONCURRENCY, async (action) => {
      try {
        input.signal.throwIfAborted();
        const effect = await performAction(ports, action, input);
        if (effect !== null) effects.push(effect);
      } catch (error) {
        failures.push({ action, error });
      }
    });
  }
  return { effects, failures };
}

/** Neighbours of one independent kind go together, every other action goes alone. */
function batches(actions: readonly Action[]): readonly (readonly Action[])[] {
  const grouped: Action[][] = [];
  for (const action of actions) {
    const last = grouped.at(-1);
    if (last !== undefined && last[0]?.kind === action.kind && INDEPENDENT.has(action.kind)) last.push(action);
    else grouped.push([action]);
  }
  return grouped;
}

async function performAction(ports: Ports, action: Action, input: PerformInput): Promise<Effect | null> {
  const { now, signal } = input;
  const { store, group, refresher } = ports;
  switch (action.kind) {
    case "launch":
      // The assignment first: an instance that boots at once must find it.
      await store.putAssignment(action.assignment, signal);
      await group.launch(action.assignment.deployment, signal);
      return null;
    case "close-claim":
      // Lost or won, the next tick reads who holds it.
      await store.claim(closingClaim(action, now), signal);
      return null;
    case "retire":
      await group.retire(signal);
      return null;
    case "terminate":
      if (await isRenewed(ports, action, signal)) return null;
      await group.terminate(action.instance, signal, { decrement: action.decrement });
      return null;
    case "request-cancel":
      await store.putCancel(action.cancel, signal);
      return null;
    case "start-refresh":
      return await startRefresh(ports, action, input);
    case "cancel-refresh":
      await refresher.cancel({ group: action.group, refreshId: action.refreshId }, signal);
      return null;
    case "append-history":
      await store.appendHistory(action.deployment, signal);
      return { kind: "history-appended", deployment: action.deployment.id };
    case "delete-control":
      await store.deleteControl(action.key, signal);
      return null;
  }
}

function closingClaim(action: Extract<Action, { kind: "close-claim" }>, now: Date): Claim {
  const { deployment, epoch } = action;
  return { schema: 1, deployment, epoch, holder: "lambda", instance: null, nonce: randomUUID(), at: toInstant(now) };
}

type Terminate = Extract<Action, { kind: "terminate" }>;

/** The lease may have been renewed since the tick read it: a last look before the one thing that can not be undone. */
async function isRenewed({ store }: Ports, action: Terminate, signal: AbortSignal): Promise<boolean> {
  if (action.unlessRenewed === null) return false;
  const run = await store.readRun(action.unlessRenewed, signal);
  if (run.kind === "unreadable") return true;
  return run.lease.kind !== "absent" && run.lease.ageSeconds < LEASE_EXPIRY_SECONDS;
}

type StartRefresh = Extract<Action, { kind: "start-refresh" }>;

async function startRefresh(ports: Ports, action: StartRefresh, input: PerformInput): Promise<Effect | null> {
  const { deployment, group, image, digest, preferences, notAfter } = action;
  // A function that was frozen in between may wake up long after other ticks have gone on.
  const mayStart = () => input.clock().getTime() < Date.parse(notAfter);
  const started = await ports.refresher.start({ group, image, digest, preferences, mayStart }, input.signal);
  switch (started.kind) {
    case "started":
      return { kind: "refresh-started", deployment, group, refreshId: started.refreshId };
    case "refused":
      return { kind: "refresh-refused", deployment, group, code: started.code, message: started.message };
    case "expired":
      return null;
    case "busy":
      // Somebody else's refresh, or ours whose reply was lost: the next tick reads which.
      return null;
  }
}

/** One failed action as one line for people. */
export function describeFailure({ action, error }: ActionFailure): string {
  return `${action.kind} ${subject(action)}: ${describeError(error)}`;
}

function subject(action: Action): string {
  switch (action.kind) {
    case "launch":
      return action.assignment.deployment;
    case "close-claim":
      return action.deployment;
    case "retire":
      return action.reason;
    case "terminate":
      return action.instance;
    case "request-cancel":
      return action.cancel.deployment;
    case "start-refresh":
    case "cancel-refresh":
      return action.group;
    case "append-history":
      return action.deployment.id;
    case "delete-control":
      return action.key;
  }
}
