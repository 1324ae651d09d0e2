import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { clientConfig } from "@windlass/moto";
import { repository } from "../../../deploy-runner/test/support/read-document.ts";
import type { CdkOptions } from "./cdk-command.ts";

/** Where AWS is for a command, and who calls it. */
export interface AwsEnvironment {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An account of the moto server. */
export async function motoEnvironment(options: CdkOptions): Promise<AwsEnvironment> {
  const { accessKeyId, secretAccessKey, sessionToken } = await clientConfig(options).credentials();
  // moto takes templates by their address in S3 for this name alone.
  const url = options.url.replace("127.0.0.1", "localhost");
  return { url, region: options.region, accessKeyId, secretAccessKey, sessionToken };
}

/** Runs lines of a shell from the repository's root, and says what they printed. Throws where one fails. */
export async function runShell(lines: readonly string[], aws: AwsEnvironment): Promise<{ readonly out: string }> {
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", ["set -eu", ...lines].join("\n")], {
    cwd: repository,
    env: {
      ...process.env,
      CI: "true",
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: aws.region,
      AWS_DEFAULT_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      ...(aws.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: aws.sessionToken }),
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
      CDK_DISABLE_CLI_TELEMETRY: "true",
      // What a person answers; and moto forgets parameters that have their default.
      CDK_REQUIRE_APPROVAL: "never",
      CDK_PREVIOUS_PARAMETERS: "false",
    },
    maxBuffer: 16 * 1024 * 1024,
  });
  return { out: stdout + stderr };
}
