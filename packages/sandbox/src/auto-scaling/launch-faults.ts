import { AwsFault } from "../core/service.ts";
import type { Group, ScalingState } from "./scaling-state.ts";

interface WantedInstance {
  readonly availabilityZone: string;
  readonly instanceType: string;
}

/** The fault that this launch is to end with; null where it is to succeed. */
export function takeLaunchFault(state: ScalingState, group: Group, wanted: WantedInstance): AwsFault | null {
  const fault = state.launchFaults.find(
    ({ group: name, remaining }) => remaining > 0 && (name === null || name === group.name),
  );
  if (fault === undefined) return null;
  fault.remaining -= 1;
  return new AwsFault(fault.code, fault.message ?? defaultMessage(fault.code, group, wanted));
}

/**
 * What an activity says about a failed launch. Only a mixed instances policy makes the service name EC2's code; a plain
 * launch template leaves EC2's sentence alone (guide, "Troubleshoot: EC2 instance launch failures").
 */
export function failureText(group: Group, fault: AwsFault): string {
  const sentence = /[.!?]$/.test(fault.message) ? fault.message : `${fault.message}.`;
  const named = group.mixed ? `Could not launch On-Demand Instances. ${fault.code} - ${sentence}` : sentence;
  return `${named} Launching EC2 instance failed.`;
}

/** EC2's own sentences for the codes that matter most. */
function defaultMessage(code: string, group: Group, { availabilityZone, instanceType }: WantedInstance): string {
  const others = group.availabilityZones.filter((zone) => zone !== availabilityZone);
  const choosing = others.length === 0 ? "" : ` or choosing ${others.join(", ")}`;
  switch (code) {
    case "InsufficientInstanceCapacity":
      return `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${availabilityZone}). Our system will be working on provisioning additional capacity. You can currently get ${instanceType} capacity by not specifying an Availability Zone in your request${choosing}.`;
    case "VcpuLimitExceeded":
      return "You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.";
    case "InvalidAMIID.NotFound":
      return "The image id '[ami-00000000000000001]' does not exist";
    default:
      return `${code}: the request could not be fulfilled`;
  }
}
