import { headSource } from "@windlass/account-mapping";
import { imageOf, type TickContext } from "./context.ts";
import { dependenciesOf } from "./dependencies.ts";
import { isStarted, isWaiting } from "./draft.ts";
import { toInstant } from "./identifiers.ts";
import type { Deployment } from "./ledger.ts";
import type { Action } from "./plan.ts";
import type { Reason } from "./reason.ts";
import { gateOf, inStartOrder } from "./start-gate.ts";

/** Starts at most one Terraform deployment, and only into an empty deploy group. */
export function startTerraform(context: TickContext): void {
  const { draft } = context;
  if (terraformObstacle(context, startedTerraform(context)) !== null) return;
  const ready = draft
    .deployments()
    .filter((one) => one.kind === "terraform" && isWaiting(one) && gateOf(context, one) === null);
  const [next] = inStartOrder(ready, (image) => dependenciesOf(context, image).length);
  if (next === undefined) return;
  const launched = markLaunched(context, next);
  const action = launchAction(context, launched);
  if (action !== null) draft.act(action);
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

/** Null where the image is no longer mapped: then the boot deadline ends the deployment. */
export function launchAction(context: TickContext, deployment: Deployment): Action | null {
  const { slice, area, areaName } = context;
  const image = imageOf(context, deployment.image);
  if (image?.kind !== "terraform") return null;
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
      variables: { ...image.variables },
      decidedAt: deployment.launchedAt ?? deployment.waitingSince,
    },
  };
}
