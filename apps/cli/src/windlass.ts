#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { createAwsClients } from "./aws-clients.ts";
import { runCli } from "./run-cli.ts";

// biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
const env = process.env;
// On Node 20 the SDK tells whoever runs it which Node its later releases will need. This program's is built in.
env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** Beyond the SDK's three: ECR takes few writes a second, and many builds may end at once. */
const registryAttempts = 10;

const awsTimeouts = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/** The SDK's own advice would mix with what a command prints. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const interrupted = new AbortController();
// Once: a second interrupt ends the program, whatever it does.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());

/** On standard error: standard output is the result. Nothing but yes means yes. */
async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: interrupted.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (interrupted.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}

/** True: the browser was started, whatever it does then. */
async function openPage(url: string): Promise<boolean> {
  const { spawn } = await import("node:child_process");
  // Windows' `start` takes the first argument in quotes for a title.
  const commands: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
    darwin: ["open", url],
    win32: ["cmd", "/c", "start", "", url],
  };
  const [command, ...args] = commands[process.platform] ?? ["xdg-open", url];
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.unref();
  return new Promise((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  terminal: { interactive: process.stdout.isTTY === true, columns: process.stdout.columns ?? 80 },
  ...(process.stdin.isTTY === true && process.stderr.isTTY === true ? { confirm } : {}),
  openPage,
  env,
  fetch: globalThis.fetch,
  now: () => new Date(),
  wait: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  interrupted: interrupted.signal,
  cwd: process.cwd(),
  openAws: ({ region, profile }) =>
    createAwsClients(
      { requestHandler: awsTimeouts, logger: silent, ...(profile === null ? {} : { profile }) },
      { region, forcePathStyle: (env["AWS_ENDPOINT_URL"] ?? "") !== "" },
    ),
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
