import {
  createLedgerHeads,
  type LedgerHeads,
  type Observed,
  observeArea,
  withLedgerHeads,
} from "@windlass/area-observer";
import { createDeployGroup, createInstanceRefresher } from "@windlass/asg-orchestrator";
import type { Ledger } from "@windlass/deployment";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import type { CliWorld } from "./cli-world.ts";
import type { OpenArea } from "./open-area.ts";

/** Where heads are looked for. */
export type HeadsFrom = "registry" | "ledger";

export interface ObservationInput {
  readonly ledger: Ledger;
  readonly heads: HeadsFrom;
  readonly now: Date;
}

export interface AreaObservation extends Observed {
  /** Images whose head is what the last tick saw: the registry lets nobody else look, or was not asked. */
  readonly headsFromLedger: readonly string[];
}

/** Longer than all reads of a slow registry take. */
const PATIENCE_MS = 120_000;

/** Looks at an area as its next tick will, with the person's own credentials. */
export async function observeOpenArea(
  world: CliWorld,
  open: OpenArea,
  { ledger, heads, now }: ObservationInput,
): Promise<AreaObservation> {
  const { clients, slice, names, store } = open;
  const autoScaling = await clients.autoScaling();
  const { reader, taken } = await chooseHeads(world, open, heads);
  const ports = {
    store,
    heads: reader,
    group: createDeployGroup({ client: autoScaling, group: names.deployGroup, loadEc2: () => clients.ec2() }),
    refresher: createInstanceRefresher({ client: autoScaling }),
  };
  const signal = AbortSignal.any([world.interrupted, AbortSignal.timeout(PATIENCE_MS)]);
  const observed = await open.attempt(() => observeArea(ports, { ledger, slice, now, signal }));
  return { ...observed, headsFromLedger: taken() };
}

async function chooseHeads(world: CliWorld, { clients, slice }: OpenArea, heads: HeadsFrom): Promise<LedgerHeads> {
  if (heads === "ledger") return createLedgerHeads();
  const { account, region } = slice.registry;
  const client = await clients.ecr(region);
  return withLedgerHeads(createHeadReader({ client, registryId: account, fetch: world.fetch }));
}
