import type { AreaView } from "@windlass/area-view";
import type { Control } from "@windlass/deployment";
import type { CliWorld } from "../cli-world.ts";
import type { OpenArea } from "../open-area.ts";
import { pause } from "../pause.ts";
import { type AreaReading, readArea } from "../read-area.ts";
import { type Change, listChanges } from "./list-changes.ts";

const POLL_MS = 2_000;

export interface Awaited {
  readonly control: Control;
  readonly image: string | null;
  /** As it was before the control was sent. */
  readonly before: AreaView;
  readonly timeoutSeconds: number;
}

export type Taken =
  | { readonly kind: "taken"; readonly changes: readonly Change[] }
  /** Not within the time, or the person has interrupted: a tick takes it nevertheless. */
  | { readonly kind: "not-taken" };

/** Looks at the ledger until it says that a tick has taken the control, and compares what it was before that tick. */
export async function waitForTick(world: CliWorld, open: OpenArea, awaited: Awaited): Promise<Taken> {
  const { control, image, timeoutSeconds } = awaited;
  const until = world.now().getTime() + timeoutSeconds * 1000;
  let { before } = awaited;
  for (;;) {
    const reading = await readArea(open, { now: world.now() });
    if (isTaken(reading, control)) return { kind: "taken", changes: listChanges(before, reading.view, image) };
    before = reading.view;
    if (world.now().getTime() >= until || !(await pause(world, POLL_MS))) return { kind: "not-taken" };
  }
}

function isTaken({ ledger }: AreaReading, { id }: Control): boolean {
  return ledger !== null && Object.hasOwn(ledger.appliedControls, id);
}
