import { describe, expect, it } from "vitest";
import { isLaunch, readLaunchFailureCode, readRefusal } from "./service-text.ts";

describe("readRefusal", () => {
  it.each([
    ["New SetDesiredCapacity value 1 is above max value 0 for the AutoScalingGroup.", "above-max"],
    ["New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.", "below-min"],
    [
      "Currently, desiredSize equals minSize (1). Terminating instance without replacement will violate group's min " +
        "size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.",
      "at-min",
    ],
    ["Instance Id not found - No managed instance found for instance ID: i-0123456789abcdef0", "instance-gone"],
    ["The instance i-0123456789abcdef0 is not part of Auto Scaling group deploy.", "instance-gone"],
    ["The instance i-0123456789abcdef0 is not in InService or EnteringStandby or Standby.", "instance-not-in-service"],
    ["AutoScalingGroup name not found - null", "group-missing"],
    ["AutoScalingGroup not found - AutoScaling Group web not found", "group-missing"],
    ["AutoScalingGroup name not found - AutoScalingGroup web not found", "group-missing"],
    ["The request isn't valid. The AutoRollback parameter cannot be set to true", "request-refused"],
    ["", "request-refused"],
  ])("reads %j as %s", (message, code) => {
    expect(readRefusal(message)).toBe(code);
  });
});

describe("readLaunchFailureCode", () => {
  it.each([
    [
      "We currently do not have sufficient t3.small capacity in the Availability Zone you requested (us-east-1a). Our " +
        "system will be working on provisioning additional capacity. Launching EC2 instance failed.",
      "InsufficientInstanceCapacity",
    ],
    [
      "Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity due to your request " +
        "configuration. Please adjust your request and try again. Launching EC2 instance failed.",
      "UnfulfillableCapacity",
    ],
    [
      "Could not launch On-Demand Instances. InvalidFleetConfiguration - Your requested instance type (p3.8xlarge) is " +
        "not supported in your requested Availability Zone (us-east-2c). Launching EC2 instance failed.",
      "InvalidFleetConfiguration",
    ],
    [
      "You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the " +
        "specified instance type belongs to. Launching EC2 instance failed.",
      "VcpuLimitExceeded",
    ],
    ["The image id '[ami-0abc]' does not exist. Launching EC2 instance failed.", "InvalidAMIID.NotFound"],
    ["The subnet ID 'subnet-0abc' does not exist. Launching EC2 instance failed.", "InvalidSubnetID.NotFound"],
    [
      "The security group 'sg-0abc' does not exist in VPC 'vpc-1'. Launching EC2 instance failed.",
      "InvalidGroup.NotFound",
    ],
    ["The key pair 'deploy' does not exist. Launching EC2 instance failed.", "InvalidKeyPair.NotFound"],
    [
      "There are not enough free addresses in subnet 'subnet-0abc' to satisfy the requested number of instances.",
      "InsufficientFreeAddressesInSubnet",
    ],
    ["Invalid IAM Instance Profile name. Launching EC2 instance failed.", "InvalidIamInstanceProfile"],
    [
      "Your requested instance type (t3.small) is not supported in your requested Availability Zone (us-east-1e).",
      "Unsupported",
    ],
    [
      "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHl. Launching EC2 " +
        "instance failed.",
      "UnauthorizedOperation",
    ],
    [
      "'team/name' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be " +
        "a reserved name ('.', '..', '_index'). Launching EC2 instance failed.",
      "InvalidTagKey",
    ],
    [
      "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: " +
        "Client.InternalError: Client error on launch",
      "Client.InternalError",
    ],
    ["Something that nobody has seen before. Launching EC2 instance failed.", "LaunchFailed"],
    ["", "LaunchFailed"],
  ])("reads %j as %s", (message, code) => {
    expect(readLaunchFailureCode(message)).toBe(code);
  });
});

describe("isLaunch", () => {
  it.each([
    ["Launching a new EC2 instance", true],
    ["Launching a new EC2 instance: i-0123456789abcdef0", true],
    ["Launching a new EC2 instance.  Status Reason: no capacity", true],
    ["Terminating EC2 instance: i-0123456789abcdef0", false],
    ["", false],
  ])("of %j is %s", (description, expected) => {
    expect(isLaunch(description)).toBe(expected);
  });
});
