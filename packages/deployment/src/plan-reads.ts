import type { AccountMapping } from "@windlass/account-mapping";
import { onlyArea } from "@windlass/account-mapping";
import { isStarted, openDraft } from "./draft.ts";
import { type DeploymentId, deploymentIdSchema } from "./identifiers.ts";
import type { Deployment, Ledger } from "./ledger.ts";
import type { GroupReading, HeadReading } from "./observation.ts";
import type { ReadPlan } from "./plan.ts";
import { wantedTarget } from "./plan-waiting.ts";
import { isWindowOpen } from "./window.ts";

export interface ReadsInput {
  readonly ledger: Ledger;
  readonly slice: AccountMapping;
  readonly heads: Readonly<Record<string, HeadReading>>;
  readonly group: GroupReading;
  readonly now: Date;
}

/**
 * What else this tick must read; nothing on a steady one. Instances are to be read before runs: a result that was
 * written before EC2 said `terminated` is then seen. Refreshes are to be read of the named groups, and of those that
 * the selectors of `groupsOf` name.
 */
export function planReads(input: ReadsInput): ReadPlan {
  const started = Object.values(input.ledger.deployments).filter(isStarted);
  const terraform = started.filter(({ kind }) => kind === "terraform");
  return {
    runs: [...terraform.map(({ id }) => id), ...strangersRun(input, terraform)],
    instances: [...terraform.flatMap((deployment) => instanceInDoubt(deployment, input.group)), ...leaving(input)],
    launchFailuresSince: unlaunched(terraform, input.group)?.launchedAt ?? null,
    groupsOf: refreshCandidates(input),
    refreshesOf: started.flatMap(({ refresh }) => Object.keys(refresh?.groups ?? {})),
  };
}

/** The run that the deploy group's instances were launched for, where the ledger does not know it as started. */
function strangersRun({ group }: ReadsInput, started: readonly Deployment[]): readonly DeploymentId[] {
  if (group.kind === "unreadable" || group.instances.length === 0) return [];
  const tagged = deploymentIdSchema.safeParse(group.deploymentTag);
  return tagged.success && started.every(({ id }) => id !== tagged.data) ? [tagged.data] : [];
}

/** The holder's instance, once the group no longer has it in service or its lease expired. */
function instanceInDoubt({ holder, leaseExpiredSince }: Deployment, group: GroupReading): readonly string[] {
  if (holder === null) return [];
  return mayBeInService(holder.instance, group) && leaseExpiredSince === null ? [] : [holder.instance];
}

/** Instances of deployments that ended without success, once the group no longer has them in service. */
function leaving({ ledger, group }: ReadsInput): readonly string[] {
  return Object.values(ledger.images)
    .flatMap((image) => image.leaving.map(({ instance }) => instance))
    .filter((instance) => !mayBeInService(instance, group));
}

function mayBeInService(instance: string, group: GroupReading): boolean {
  return (
    group.kind === "unreadable" ||
    group.instances.some(({ id, lifecycle }) => id === instance && lifecycle === "InService")
  );
}

function unlaunched(started: readonly Deployment[], group: GroupReading): Deployment | undefined {
  if (group.kind === "unreadable" || group.instances.length > 0) return undefined;
  return started.find(({ state }) => state === "launching");
}

/** Images whose instance refresh could start in this tick. */
function refreshCandidates({ ledger, slice, heads, now }: ReadsInput): readonly string[] {
  const images = Object.entries(slice.images).filter(([, image]) => image.kind === "instance-refresh");
  if (images.length === 0) return [];
  const open = isWindowOpen(onlyArea(slice).area, now);
  const draft = openDraft(ledger, now);
  return images
    .map(([name]) => name)
    .filter((name) => {
      const reading = heads[name];
      if (reading?.kind === "head") draft.updateImage(name, { head: reading.head });
      const active = draft.activeOf(name);
      const started = active !== undefined && isStarted(active);
      const allowed = open || draft.image(name).deployNow !== null;
      return allowed && !started && wantedTarget({ draft, slice }, name) !== null;
    });
}
