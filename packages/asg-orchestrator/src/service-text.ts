/**
 * Everything that Windlass reads out of the services' sentences, in one place: EC2 Auto Scaling answers most refusals
 * with the one code `ValidationError`, and a launch that failed tells why in a status message only.
 */
import type { OrchestratorErrorCode } from "./orchestrator-error.ts";

interface TextRule<Code extends string> {
  readonly pattern: RegExp;
  readonly code: Code;
}

/** Sentences as seen in the public threads that are named at each. */
const refusals: readonly TextRule<OrchestratorErrorCode>[] = [
  // "New SetDesiredCapacity value 3 is above max value 2 for the AutoScalingGroup." (kubernetes/autoscaler#943)
  { pattern: /SetDesiredCapacity value \d+ is above max value/i, code: "above-max" },
  { pattern: /SetDesiredCapacity value \d+ is below min value/i, code: "below-min" },
  // "Currently, desiredSize equals minSize (1). Terminating instance without replacement will violate group's min size
  // constraint. ..." (buildkite/elastic-ci-stack-for-aws#1261)
  { pattern: /desiredSize equals minSize|violate group's min size/i, code: "at-min" },
  // "Instance Id not found - No managed instance found for instance ID ..." (yaybu/touchdown#51)
  { pattern: /Instance Id not found|No managed instance found/i, code: "instance-gone" },
  // "The instance i-... is not part of Auto Scaling group x." (reproio/ecs_deploy#56)
  { pattern: /instance \S+ is not part of Auto Scaling group/i, code: "instance-gone" },
  // "The instance i-... is not in InService or EnteringStandby or Standby." (guardian/riff-raff#510)
  { pattern: /instance \S+ is not in InService/i, code: "instance-not-in-service" },
  // "AutoScalingGroup not found - AutoScaling Group x not found" (cloud-custodian/cloud-custodian#380),
  // "AutoScalingGroup name not found - null" (aws/aws-sdk-go#1151)
  { pattern: /Auto ?Scaling ?Group\b.*\bnot found/i, code: "group-missing" },
];

/** What a `ValidationError` means; `request-refused` where its sentence is a new one. */
export function readRefusal(message: string): OrchestratorErrorCode {
  return refusals.find((rule) => rule.pattern.test(message))?.code ?? "request-refused";
}

/**
 * EC2's error codes by the sentences that stand for them in a scaling activity. Groups with a mixed instances policy
 * name the code itself, others only say its sentence (EC2 error codes; EC2 Auto Scaling user guide, troubleshooting).
 */
const launchFailures: readonly TextRule<string>[] = [
  { pattern: /do not have sufficient .* capacity/i, code: "InsufficientInstanceCapacity" },
  { pattern: /requested more vCPU capacity than/i, code: "VcpuLimitExceeded" },
  { pattern: /requested more instances .* than your current instance limit/i, code: "InstanceLimitExceeded" },
  { pattern: /image id '?\[?ami-\S+ does not exist/i, code: "InvalidAMIID.NotFound" },
  { pattern: /\bami-\S+ is not (?:valid|available)|AMI .* is (?:pending|disabled)/i, code: "InvalidAMIID.Unavailable" },
  { pattern: /not enough free addresses in subnet/i, code: "InsufficientFreeAddressesInSubnet" },
  { pattern: /subnet ID '\S+' does not exist/i, code: "InvalidSubnetID.NotFound" },
  { pattern: /security group '?\S+ does not exist/i, code: "InvalidGroup.NotFound" },
  { pattern: /key pair '?\S+ does not exist/i, code: "InvalidKeyPair.NotFound" },
  { pattern: /launch template .* (?:does not exist|not found)/i, code: "InvalidLaunchTemplate.NotFound" },
  { pattern: /Invalid IAM Instance Profile/i, code: "InvalidIamInstanceProfile" },
  { pattern: /requested instance type \(\S+\) is not supported/i, code: "Unsupported" },
  {
    pattern: /not authorized to perform this operation|not authorized to use launch template/i,
    code: "UnauthorizedOperation",
  },
  // "'x/y' is not a valid tag key. Tag keys must match pattern ..." (kubernetes/cloud-provider-aws#762)
  { pattern: /is not a valid tag key/i, code: "InvalidTagKey" },
];

/**
 * "Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity ... Launching EC2 instance
 * failed." (mludvig/aws-ethereum-miner#23) and "Client.InternalError: Client error on launch" name a code.
 */
const namedCode =
  /(?:^|[\s(])((?:(?:Client|Server)\.)?[A-Z][a-z]+(?:[A-Z][A-Za-z]*)+(?:\.[A-Z][A-Za-z]+)?)(?: - |: |\))/;

/** The EC2 error code in a failed launch's status message; `LaunchFailed` where it names none that is known. */
export function readLaunchFailureCode(statusMessage: string): string {
  const named = namedCode.exec(statusMessage)?.[1];
  if (named !== undefined) return named;
  return launchFailures.find((rule) => rule.pattern.test(statusMessage))?.code ?? "LaunchFailed";
}

/** Activities have no type; their description begins with what they do. */
export function isLaunch(description: string): boolean {
  return /^Launching a new EC2 instance/i.test(description);
}
