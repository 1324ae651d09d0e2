import { headSource, type TerraformImage } from "@windlass/account-mapping";
import type { TickContext } from "./context.ts";
import { isStarted, startOf } from "./draft.ts";
import { toInstant } from "./identifiers.ts";
import type { Deployment, ImageRecord } from "./ledger.ts";
import type { Action } from "./plan.ts";
import type { Reason } from "./reason.ts";
import { readyToStart } from "./start-gate.ts";

/** Starts at most one Terraform deployment, and only into an empty deploy group. */
export function startTerraform(context: TickContext): void {
  if (terraformObstacle(context, startedTerraform(context)) !== null) return;
  const [next] = readyToStart(context, "terraform");
  if (next === undefined) return;
  context.draft.act(launchAction(context, markLaunched(context, next.deployment), next.image));
}

export function startedTerraform({ draft }: Pick<TickContext, "draft">): Deployment | undefined {
  return draft.deployments().find((one) => one.kind === "terraform" && isStarted(one));
}

/** What stands in the way of every Terraform deployment of the area. */
export function terraformObstacle({ observation }: TickContext, started: Deployment | undefined): Reason | null {
  if (started !== undefined) return { kind: "waiting-turn", behind: started.image };
  const { group } = observation;
  if (group.kind === "unreadable") return { kind: "waiting-group", because: "the deploy group could not be read" };
  if (group.suspendedProcesses.includes("Launch")) {
    return { kind: "waiting-group", because: "EC2 Auto Scaling has suspended Launch for the deploy group" };
  }
  const [instance] = group.instances;
  if (instance !== undefined) {
    return { kind: "waiting-group", because: `instance ${instance.id} is still in the deploy group` };
  }
  if (group.desired > 0) return { kind: "waiting-group", because: "the deploy group's capacity is not back to 0" };
  return null;
}

export function markLaunched({ draft, now }: TickContext, deployment: Deployment): Deployment {
  const { deployNow } = draft.image(deployment.image);
  draft.updateImage(deployment.image, { deployNow: null });
  return draft.updateDeployment(deployment.id, {
    state: "launching",
    launchedAt: toInstant(now),
    startedBy: deployNow?.request ?? null,
  });
}

export function launchAction(
  { slice, area, areaName, draft }: TickContext,
  deployment: Deployment,
  image: TerraformImage,
): Action {
  const record = draft.image(deployment.image);
  return {
    kind: "launch",
    assignment: {
      schema: 1,
      deployment: deployment.id,
      epoch: deployment.epoch,
      workload: slice.workload,
      area: areaName,
      account: area.account,
      region: area.region,
      image: deployment.image,
      kind: "terraform",
      digest: deployment.digest,
      commit: deployment.commit,
      registry: { account: slice.registry.account, region: slice.registry.region },
      repository: headSource(slice, areaName, deployment.image).repository,
      timeoutSeconds: image.timeoutSeconds,
      state: image.state,
      entrypoint: image.entrypoint === null ? null : [...image.entrypoint],
      variables: { ...image.variables },
      branch: area.branch,
      github: slice.github === null ? null : { organization: slice.github.organization, repository: image.github },
      expectsState: mayHaveState(record),
      confirmedDead: record.dead.map((one) => one.deployment),
      decidedAt: startOf(deployment),
    },
  };
}

/** What ended before it began to apply has left none; what began and did not succeed has disturbed its image. */
function mayHaveState({ live, previous, disturbed }: ImageRecord): boolean {
  return (live ?? previous ?? disturbed) !== null;
}
