import type { Deployment, DeploymentId, Result } from "@windlass/deployment";
import type { LogStep } from "@windlass/ledger-store";
import type { CliWorld } from "./cli-world.ts";
import type { FoundDeployment } from "./find-deployment.ts";
import { pause } from "./pause.ts";
import { readArea } from "./read-area.ts";
import { readSegments } from "./read-logs.ts";

/** What happens to a deployment while somebody follows it. */
export type RunEvent =
  /** It stands elsewhere than before; `text` says where, in words. */
  | {
      readonly kind: "state";
      readonly deployment: DeploymentId;
      readonly state: Deployment["state"];
      readonly text: string;
    }
  | { readonly kind: "log"; readonly step: LogStep; readonly number: number; readonly text: string }
  | {
      readonly kind: "end";
      readonly deployment: DeploymentId;
      readonly outcome: Deployment["state"] | Result["outcome"];
      /** False while its result waits for the tick that takes it. */
      readonly taken: boolean;
      readonly failure: string | null;
    };

/** As often as a runner stores what its steps print, or nearly. */
export const POLL_MS = 2_000;

/**
 * Follows a deployment to its end: everything that its steps have printed, then what they print. Ends early when the person
 * interrupts.
 */
export async function* followRun(
  world: CliWorld,
  found: FoundDeployment,
  steps: readonly LogStep[],
): AsyncGenerator<RunEvent> {
  const seen = new Set<string>();
  let stands: Standing | null = null;
  do {
    // Before the segments: what a run wrote until its end is then among them.
    const now: Standing = await readStanding(world, found);
    if (now.text !== stands?.text && now.end === null) yield stateOf(found, now);
    stands = now;
    for (const segment of await readNew(found, steps, seen)) yield segment;
    if (now.end !== null) return yield now.end;
  } while (await pause(world, POLL_MS));
}

interface Standing {
  readonly state: Deployment["state"];
  readonly text: string;
  readonly end: Extract<RunEvent, { kind: "end" }> | null;
}

function stateOf({ deployment: { id: deployment } }: FoundDeployment, { state, text }: Standing): RunEvent {
  return { kind: "state", deployment, state, text };
}

async function readStanding(world: CliWorld, { open, deployment }: FoundDeployment): Promise<Standing> {
  const { id, kind } = deployment;
  const { view, ledger } = await readArea(open, { now: world.now() });
  const known = ledger?.deployments[id];
  const current = known ?? (await open.attempt(() => open.store.readHistory(id))) ?? deployment;
  if (current.endedAt !== null) return endedStanding(current);
  const run =
    kind === "terraform" && current.launchedAt !== null ? await open.attempt(() => open.store.readRun(id)) : null;
  if (run?.kind === "run" && run.result.kind === "present") return resultStanding(current, run.result.value);
  const active = view.images.find(({ image }) => image === current.image)?.deployment;
  // Progress moves all the time, and is not worth a line.
  const phase = active?.phase ?? null;
  const waits = view.images.find(({ image }) => image === current.image)?.text ?? "";
  return { state: current.state, text: phase === null || current.state === "waiting" ? waits : phase, end: null };
}

function endedStanding({ id, state, failure }: Deployment): Standing {
  const end = { kind: "end", deployment: id, outcome: state, taken: true, failure: failure?.message ?? null } as const;
  return { state, text: state, end };
}

/** Its runner is done; the next tick takes the result. */
function resultStanding({ id, state }: Deployment, { outcome, failure }: Result): Standing {
  const end = { kind: "end", deployment: id, outcome, taken: false, failure: failure?.message ?? null } as const;
  return { state, text: outcome, end };
}

async function readNew(
  { open, deployment }: FoundDeployment,
  steps: readonly LogStep[],
  seen: Set<string>,
): Promise<readonly RunEvent[]> {
  const { segments } = await open.attempt(() => open.store.listRun(deployment.id));
  const fresh = segments.filter((one) => steps.includes(one.step) && !seen.has(nameOf(one)));
  const read = await open.attempt(() => readSegments(open.store, fresh));
  for (const segment of fresh) seen.add(nameOf(segment));
  return read.map(({ step, number, text }) => ({ kind: "log", step, number, text }));
}

function nameOf({ step, number }: { readonly step: LogStep; readonly number: number }): string {
  return `${step} ${number}`;
}
