import {
  type AutoScalingClient,
  type RefreshPreferences as ServicePreferences,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import type { RefreshPreferences } from "@windlass/account-mapping";
import type { ImageDigest } from "@windlass/deployment";
import { describeError } from "@windlass/windlass-error";
import { callService } from "./call-service.ts";
import { tagGroup } from "./change-group.ts";
import { imageTag } from "./image-tag.ts";
import { readLatestRefresh } from "./latest-refresh.ts";
import { OrchestratorError } from "./orchestrator-error.ts";

export interface RefreshRequest {
  readonly group: string;
  readonly image: string;
  readonly digest: ImageDigest;
  readonly preferences: RefreshPreferences;
  /** Asked right before the group is tagged and right before the refresh is started; by default it may. */
  readonly mayStart?: () => boolean;
}

export type StartedRefresh =
  | { readonly kind: "started"; readonly refreshId: string }
  /** The group has another refresh in progress, or this very one: a reply may have been lost. */
  | { readonly kind: "busy" }
  /** `mayStart` said no: nothing was started, though the group may have the tag already. */
  | { readonly kind: "expired" }
  /** Nothing will change that but a person. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/**
 * Tags the group `windlass:image:<image>=<digest>`, so that every instance launched from now on reads in its metadata
 * what to run, then replaces all instances. A refresh in progress is left alone, and its instances' tag with it.
 */
export async function startRefresh(
  client: AutoScalingClient,
  request: RefreshRequest,
  signal?: AbortSignal,
): Promise<StartedRefresh> {
  const { mayStart = () => true } = request;
  try {
    const tag = { key: imageTag(request.image), value: request.digest };
    const latest = await readLatestRefresh(client, request.group, signal);
    if (latest !== null && latest.stage !== "ended") return { kind: "busy" };
    if (!mayStart()) return { kind: "expired" };
    await tagGroup(client, request.group, { tag, signal });
    if (!mayStart()) return { kind: "expired" };
    return { kind: "started", refreshId: await start(client, request, signal) };
  } catch (error) {
    if (!(error instanceof OrchestratorError) || error.retryable) throw error;
    if (error.code === "refresh-in-progress") return { kind: "busy" };
    return { kind: "refused", code: error.code, message: describeError(error) };
  }
}

async function start(client: AutoScalingClient, request: RefreshRequest, signal?: AbortSignal): Promise<string> {
  const { group, preferences } = request;
  const command = new StartInstanceRefreshCommand({
    AutoScalingGroupName: group,
    Strategy: "Rolling",
    Preferences: toPreferences(preferences),
  });
  const where = `StartInstanceRefresh of ${group}`;
  const { InstanceRefreshId: id } = await callService(where, signal, (options) => client.send(command, options));
  if (id !== undefined && id !== "") return id;
  throw new OrchestratorError({
    code: "answer-incomplete",
    message: "a refresh without an id",
    where,
    retryable: true,
  });
}

/**
 * Nothing that the service compares has changed, only a tag: with `SkipMatching` no instance would be replaced. No
 * automatic rollback: it would bring back instances, but not the tag that they read.
 */
function toPreferences(preferences: RefreshPreferences): ServicePreferences {
  const { minHealthyPercentage, maxHealthyPercentage, instanceWarmupSeconds } = preferences;
  return {
    SkipMatching: false,
    AutoRollback: false,
    ...(minHealthyPercentage === null ? {} : { MinHealthyPercentage: minHealthyPercentage }),
    ...(maxHealthyPercentage === null ? {} : { MaxHealthyPercentage: maxHealthyPercentage }),
    ...(instanceWarmupSeconds === null ? {} : { InstanceWarmup: instanceWarmupSeconds }),
  };
}
