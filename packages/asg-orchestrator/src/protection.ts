import { type AutoScalingClient, SetInstanceProtectionCommand } from "@aws-sdk/client-auto-scaling";
import { callService } from "./call-service.ts";

/** Puts scale-in protection on an instance or takes it off. Only instances in service can have it. */
export async function setProtection(
  client: AutoScalingClient,
  group: string,
  change: { readonly instance: string; readonly protect: boolean; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { instance, protect, signal } = change;
  const command = new SetInstanceProtectionCommand({
    AutoScalingGroupName: group,
    InstanceIds: [instance],
    ProtectedFromScaleIn: protect,
  });
  await callService(`SetInstanceProtection of ${instance}`, signal, (options) => client.send(command, options));
}
