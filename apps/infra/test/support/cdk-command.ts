import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { clientConfig } from "@windlass/moto";

const cdk = fileURLToPath(new URL("../../node_modules/aws-cdk/bin/cdk", import.meta.url));

export interface CdkOptions {
  /** Of the moto server. */
  readonly url: string;
  readonly account: string;
  readonly region: string;
}

/** Runs the CDK's command line in an account of the moto server, and says what it printed. */
export async function runCdk(options: CdkOptions, args: readonly string[]): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = await clientConfig(options).credentials();
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cdk, ...args], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: tmpdir(),
      CI: "true",
      CDK_DISABLE_CLI_TELEMETRY: "true",
      AWS_REGION: options.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_EC2_METADATA_DISABLED: "true",
      // moto takes templates by their address in S3 for this name alone.
      AWS_ENDPOINT_URL: options.url.replace("127.0.0.1", "localhost"),
    },
    // Away from `cdk.json`: the app is given, or not needed.
    cwd: tmpdir(),
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout + stderr;
}
