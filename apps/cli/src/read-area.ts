import { type AreaView, runsToRead, viewArea } from "@windlass/area-view";
import type { ControlsReading, Deployment, Lease, Ledger } from "@windlass/deployment";
import type { OpenArea } from "./open-area.ts";

/** What an area's bucket says, and the view of it. */
export interface AreaReading {
  readonly view: AreaView;
  /** Null where no tick has ever run. */
  readonly ledger: Ledger | null;
  readonly controls: ControlsReading;
}

export interface ReadAreaOptions {
  readonly now: Date;
  /** Deployments of the history, where they were read. */
  readonly ended?: readonly Deployment[];
  readonly signal?: AbortSignal;
}

/**
 * Reads an area: the ledger, the controls, and the lease of what an instance works on. Two calls of S3 for a quiet area,
 * one more for each control that waits and for a run. Throws `CliError` where it can not be looked at.
 */
export async function readArea(open: OpenArea, { now, ended, signal }: ReadAreaOptions): Promise<AreaReading> {
  const { store, scope, slice } = open;
  const [read, controls] = await open.attempt(() =>
    Promise.all([store.readLedger(scope, signal), store.listControls(signal)]),
  );
  const ledger = read.kind === "ledger" ? read.ledger : null;
  const leases = ledger === null ? {} : await readLeases(open, ledger, signal);
  const view = viewArea({ slice, ledger, controls, leases, now, ...(ended === undefined ? {} : { ended }) });
  return { view, ledger, controls };
}

/** A lease that can not be read, or is not there yet, tells nothing: the ledger says how far a run had come. */
async function readLeases(
  { store, attempt }: OpenArea,
  ledger: Ledger,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, Lease>>> {
  const readings = await attempt(() =>
    Promise.all(runsToRead(ledger).map(async (id) => [id, await store.readLease(id, signal)] as const)),
  );
  return Object.fromEntries(readings.flatMap(([id, found]) => (found.kind === "present" ? [[id, found.lease]] : [])));
}
