import {
  type AutoScalingClient,
  CreateOrUpdateTagsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import { callService } from "./call-service.ts";

export interface GroupTag {
  readonly key: string;
  readonly value: string;
}

/** Sets a tag on the group that instances launched from now on carry, too. Running instances keep theirs. */
export async function tagGroup(
  client: AutoScalingClient,
  group: string,
  change: { readonly tag: GroupTag; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { tag, signal } = change;
  const command = new CreateOrUpdateTagsCommand({
    Tags: [
      {
        ResourceId: group,
        ResourceType: "auto-scaling-group",
        Key: tag.key,
        Value: tag.value,
        PropagateAtLaunch: true,
      },
    ],
  });
  await callService(`CreateOrUpdateTags of ${group}`, signal, (options) => client.send(command, options));
}

/** Absolute, so that it may be repeated. That it succeeds says nothing about a launch. */
export async function setDesired(
  client: AutoScalingClient,
  group: string,
  change: { readonly desired: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { desired, signal } = change;
  const command = new SetDesiredCapacityCommand({
    AutoScalingGroupName: group,
    DesiredCapacity: desired,
    HonorCooldown: false,
  });
  await callService(`SetDesiredCapacity of ${group} to ${desired}`, signal, (options) => client.send(command, options));
}
