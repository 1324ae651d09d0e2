#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { runCli } from "./run-cli.ts";

/** Beyond the SDK's three: ECR takes few writes a second, and many builds may end at once. */
const registryAttempts = 10;

process.exitCode = await runCli(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  fetch: globalThis.fetch,
  now: () => new Date(),
  wait: sleep,
  cwd: process.cwd(),
  async openSecrets(region) {
    const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    return new SecretsManagerClient({ region });
  },
  async openRegistry(region) {
    const { ECRClient } = await import("@aws-sdk/client-ecr");
    const { STSClient } = await import("@aws-sdk/client-sts");
    const settings = { region, maxAttempts: registryAttempts };
    return { ecr: new ECRClient(settings), sts: new STSClient(settings) };
  },
});
