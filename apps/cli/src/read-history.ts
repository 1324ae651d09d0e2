import { type HistoryFilter, viewHistory } from "@windlass/area-view";
import { type Deployment, type DeploymentId, epochOf, type Ledger } from "@windlass/deployment";
import type { OpenArea } from "./open-area.ts";

/** So many records are read at once: enough of them to be fast, few enough not to read a year for twenty lines. */
const BATCH = 32;

export interface HistoryToRead {
  readonly filter: HistoryFilter;
  /** Its ended deployments may not be in the history yet. */
  readonly ledger: Ledger | null;
}

/**
 * The newest ended deployments that the filter lets through, newest first; reads the history backwards, and only as far as
 * that takes. Throws `CliError` where it can not be read.
 */
export async function readHistory(open: OpenArea, { filter, ledger }: HistoryToRead): Promise<readonly Deployment[]> {
  const { store, slice, name } = open;
  const ids = await open.attempt(() => store.listHistoryIds());
  const inLedger = Object.values(ledger?.deployments ?? {}).filter(({ endedAt }) => endedAt !== null);
  const found = new Map<DeploymentId, Deployment>();
  const matching = (deployments: readonly Deployment[]) => {
    const view = viewHistory({ slice, area: name, ledger, deployments, filter: { ...filter, limit: undefined } });
    return view.deployments.map(({ deployment }) => deployment);
  };
  const take = (deployments: readonly Deployment[]) => {
    const byId = new Map(deployments.map((one) => [one.id, one]));
    for (const id of matching(deployments)) found.set(id, byId.get(id) as Deployment);
  };
  take(inLedger);
  const candidates = ids.filter((id) => mayMatch(id, filter)).toReversed();
  for (let at = 0; at < candidates.length && found.size < (filter.limit ?? Number.POSITIVE_INFINITY); at += BATCH) {
    const batch = candidates.slice(at, at + BATCH).filter((id) => !found.has(id));
    const read = await open.attempt(() => Promise.all(batch.map((id) => store.readHistory(id))));
    take(read.filter((one) => one !== null));
  }
  return [...found.values()].toSorted((one, other) => other.epoch - one.epoch).slice(0, filter.limit);
}

/** An id tells when it was decided, so that those of other times need not be read. */
function mayMatch(id: DeploymentId, { since, until }: HistoryFilter): boolean {
  const day = (date: Date) => date.toISOString().slice(0, 10).replaceAll("-", "");
  return (since === undefined || id.slice(0, 8) >= day(since)) && (until === undefined || id.slice(0, 8) <= day(until));
}

/** The newest deployment of all that the area knows. */
export function newest(ids: readonly DeploymentId[]): DeploymentId | undefined {
  return ids.toSorted((one, other) => epochOf(other) - epochOf(one))[0];
}
