import { type AccountMapping, headSource, onlyArea } from "@windlass/account-mapping";
import {
  type GroupsReading,
  type Head,
  type InstanceReading,
  type LaunchFailure,
  type Ledger,
  type Note,
  type Observation,
  planReads,
  type ReadPlan,
  type RefreshReading,
  type RunReading,
} from "@windlass/deployment";
import type { HeadSource } from "@windlass/ecr-tag-diff";
import { describeError } from "@windlass/windlass-error";
import pLimit from "p-limit";
import type { AreaPorts } from "./area-ports.ts";

/** A few at a time: EC2 Auto Scaling publishes no rates, and other tools of the account share them. */
const READ_CONCURRENCY = 8;

export interface ObserveInput {
  /** As it is stored. */
  readonly ledger: Ledger;
  /** The account mapping cut down to the area. */
  readonly slice: AccountMapping;
  readonly now: Date;
  readonly signal: AbortSignal;
}

export interface Observed {
  readonly observation: Observation;
  readonly notes: readonly Note[];
}

/**
 * Looks at everything that a tick decides from. What can not be read is part of the observation, never an exception; the
 * same look by another caller is the same observation.
 *
 * @example
 * ```ts
 * const { observation, notes } = await observeArea(ports, { ledger, slice, now, signal });
 * const plan = planTick(ledger, observation, slice, now);
 * ```
 */
export async function observeArea(ports: AreaPorts, input: ObserveInput): Promise<Observed> {
  const { ledger, slice, now, signal } = input;
  const [heads, group, controls] = await Promise.all([
    ports.heads.readHeads(headSources(slice), knownHeads(ledger), signal),
    ports.group.observe(signal),
    ports.store.listControls(signal),
  ]);
  const reads = planReads({ ledger, slice, heads, group, now });
  const [{ instances, runs }, launches, { groups, refreshes }] = await Promise.all([
    readInstancesThenRuns(ports, reads, signal),
    readLaunchFailures(ports, reads, signal),
    readGroupsThenRefreshes(ports, reads, input),
  ]);
  const { launchFailures, notes } = launches;
  return { observation: { heads, group, controls, runs, instances, launchFailures, groups, refreshes }, notes };
}

function headSources(slice: AccountMapping): readonly HeadSource[] {
  const { name } = onlyArea(slice);
  return Object.keys(slice.images).map((image) => ({ image, ...headSource(slice, name, image) }));
}

function knownHeads(ledger: Ledger): Readonly<Record<string, Head>> {
  return Object.fromEntries(
    Object.entries(ledger.images).flatMap(([image, { head }]) => (head === null ? [] : [[image, head]])),
  );
}

interface InstancesAndRuns {
  readonly instances: Readonly<Record<string, InstanceReading>>;
  readonly runs: Readonly<Record<string, RunReading>>;
}

/** The instances come first: once EC2 says `terminated`, whatever the run wrote before its death is there to be read. */
async function readInstancesThenRuns(
  ports: AreaPorts,
  reads: ReadPlan,
  signal: AbortSignal,
): Promise<InstancesAndRuns> {
  const instances = reads.instances.length === 0 ? {} : await ports.group.readInstances(reads.instances, signal);
  const runs = await mapLimited(reads.runs, async (id) => {
    return [id, await ports.store.readRun(id, signal)] as const;
  });
  return { instances, runs: Object.fromEntries(runs) };
}

interface Launches {
  readonly launchFailures: readonly LaunchFailure[];
  readonly notes: readonly Note[];
}

/** Not knowing why a launch takes long only means to wait for the boot deadline. */
async function readLaunchFailures(ports: AreaPorts, reads: ReadPlan, signal: AbortSignal): Promise<Launches> {
  if (reads.launchFailuresSince === null) return { launchFailures: [], notes: [] };
  try {
    return { launchFailures: await ports.group.readLaunchFailures(reads.launchFailuresSince, signal), notes: [] };
  } catch (error) {
    const message = `the deploy group's scaling activities could not be read: ${describeError(error)}`;
    return { launchFailures: [], notes: [{ code: "launch-failures-unreadable", image: null, message }] };
  }
}

interface GroupsAndRefreshes {
  readonly groups: Readonly<Record<string, GroupsReading>>;
  readonly refreshes: Readonly<Record<string, RefreshReading>>;
}

async function readGroupsThenRefreshes(
  ports: AreaPorts,
  reads: ReadPlan,
  input: ObserveInput,
): Promise<GroupsAndRefreshes> {
  const { slice, signal } = input;
  const selectors = reads.groupsOf.flatMap((image) => {
    const found = slice.images[image];
    return found?.kind === "instance-refresh" ? [{ image, selector: found.groups }] : [];
  });
  const groups = await mapLimited(selectors, async ({ image, selector }) => {
    return [image, await ports.refresher.resolveGroups(selector, signal)] as const;
  });
  const resolved = groups.flatMap(([, reading]) => (reading.kind === "groups" ? reading.names : []));
  const names = [...new Set([...reads.refreshesOf, ...resolved])];
  const refreshes = await mapLimited(names, async (name) => {
    return [name, await ports.refresher.readRefreshes(name, signal)] as const;
  });
  return { groups: Object.fromEntries(groups), refreshes: Object.fromEntries(refreshes) };
}

async function mapLimited<Item, Mapped>(
  items: readonly Item[],
  map: (item: Item) => Promise<Mapped>,
): Promise<readonly Mapped[]> {
  const limit = pLimit(READ_CONCURRENCY);
  return Promise.all(items.map((item) => limit(() => map(item))));
}
