#!/usr/bin/env node
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { runCli } from "./run-cli.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  fetch: globalThis.fetch,
  now: () => new Date(),
  cwd: process.cwd(),
  openSecrets: (region) => new SecretsManagerClient({ region }),
});
