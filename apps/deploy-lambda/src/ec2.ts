import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";

/** In a file of its own, which is loaded when an instance is to be confirmed gone: half of all SDK code is this client. */
export function createEc2Client(config: EC2ClientConfig): EC2Client {
  return new EC2Client(config);
}
