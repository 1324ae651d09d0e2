import { imageOf, type TickContext } from "./context.ts";
import { startOf } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import type { Deployment } from "./ledger.ts";
import type { RecordReading } from "./observation.ts";
import type { Claim, Failure } from "./run-records.ts";
import { launchAction } from "./start-terraform.ts";

/** An instance that has not claimed its deployment by then did not boot. */
const BOOT_DEADLINE_MS = 10 * 60_000;

/** A launched deployment that nobody has claimed: heal the launch, or take the claim from it. */
export function watchLaunch(context: TickContext, deployment: Deployment, claim: RecordReading<Claim>): void {
  if (claim.kind === "invalid") {
    watchUnreadableClaim(context, deployment, claim.problem);
    return;
  }
  const seen = noteInstance(context, deployment);
  const closing = seen.closing ?? reasonToClose(context, seen);
  if (closing !== null) {
    context.draft.updateDeployment(seen.id, { closing });
    context.draft.act({ kind: "close-claim", deployment: seen.id, epoch: seen.epoch });
    return;
  }
  if (!isGroupEmpty(context)) return;
  // An image that is no longer mapped can not be assigned: the boot deadline ends its deployment.
  const image = imageOf(context, seen.image);
  if (image?.kind === "terraform") context.draft.act(launchAction(context, seen, image));
}

function noteInstance({ draft, observation: { group } }: TickContext, deployment: Deployment): Deployment {
  const here = group.kind === "group" && group.instances.length > 0;
  return here ? draft.updateDeployment(deployment.id, { instanceSeen: true }) : deployment;
}

/** The group is known to be empty and to want nothing: the launch did not happen, or came to nothing. */
function isGroupEmpty({ observation: { group } }: TickContext): boolean {
  return group.kind === "group" && group.desired === 0 && group.instances.length === 0;
}

function reasonToClose(context: TickContext, deployment: Deployment): Failure | null {
  if (deployment.cancel !== null) {
    return {
      code: "cancelled",
      message: `cancelled by ${deployment.cancel.by}: ${deployment.cancel.reason}`,
      hint: null,
    };
  }
  return launchFailure(context) ?? emptyGroupFailure(context, deployment) ?? bootFailure(context, deployment);
}

/** What EC2 Auto Scaling says of a launch that failed; each failure ends one deployment only, whatever the clocks say. */
function launchFailure({ observation, draft }: TickContext): Failure | null {
  const { group, launchFailures } = observation;
  const seen = draft.launchFailureSeen();
  const [refused] = launchFailures.toSorted((one, other) => other.at.localeCompare(one.at));
  if (refused === undefined || (seen !== null && refused.at <= seen)) return null;
  if (group.kind !== "group" || group.instances.length > 0) return null;
  draft.setLaunchFailureSeen(refused.at);
  return {
    code: refused.code,
    message: refused.message,
    hint: "more instance types or subnets for the deploy group make this rarer",
  };
}

/** Why a launch that came to nothing is not made again. */
function emptyGroupFailure(context: TickContext, deployment: Deployment): Failure | null {
  if (!isGroupEmpty(context)) return null;
  if (deployment.instanceSeen) {
    return {
      code: "instance-left",
      message: "the deploy instance left its group without claiming the deployment",
      hint: "the runner's log on the instance says why it refused; look at its console output",
    };
  }
  if (context.window.kind === "open" || deployment.startedBy !== null) return null;
  return { code: "window-closed", message: "the window closed before the launch could be made", hint: null };
}

function bootFailure({ now }: TickContext, deployment: Deployment): Failure | null {
  if (now.getTime() - Date.parse(startOf(deployment)) < BOOT_DEADLINE_MS) return null;
  return {
    code: "boot-deadline",
    message: "no instance claimed the deployment within 10 minutes of its launch",
    hint: "look at the deploy group's scaling activities and at the instance's console output",
  };
}

/** Somebody has the claim, and it can not be told who: only the end of every instance ends this, and it blocks. */
function watchUnreadableClaim(context: TickContext, deployment: Deployment, problem: string): void {
  const { draft, now } = context;
  draft.note("claim-invalid", deployment.image, `the claim of ${deployment.id} can not be used: ${problem}`);
  if (!isGroupEmpty(context) || now.getTime() - Date.parse(startOf(deployment)) < BOOT_DEADLINE_MS) return;
  const failure: Failure = {
    code: "claim-invalid",
    message: `claim.json can not be used: ${problem}`,
    hint: "look at the run's logs and at Terraform's state, then unblock the image",
  };
  endDeployment(draft, deployment, { outcome: "unknown", failure }, now);
}
