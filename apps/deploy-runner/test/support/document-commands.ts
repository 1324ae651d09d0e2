import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { type ContainerWorld, PIPELINE } from "./container-world.ts";
import { readBlock, repository } from "./read-document.ts";
import { REGION } from "./records.ts";

/** The registry that the documents name. */
const REGISTRY = `${PIPELINE}.dkr.ecr.${REGION}.amazonaws.com`;

const COMMANDS_MS = 120_000;

/**
 * Runs the first shell block of a document after a heading, from the repository's root, as a reader would. What a reader
 * has and a test has not stands in: the registry is the sandbox's, `aws` knows its password, and `podman` neither expects
 * TLS nor fetches a base.
 */
export async function runCommands(world: ContainerWorld, path: string, heading: string): Promise<void> {
  const block = readBlock(path, heading, "sh");
  const bin = join(world.root, "bin");
  mkdirSync(bin, { recursive: true });
  writeProgram(join(bin, "aws"), `echo '${await password(world)}'`);
  writeProgram(join(bin, "podman"), podmanScript(findPodman(), world.buildBase()));
  const script = `set -eu\n${block.replaceAll(REGISTRY, `${new URL(world.url).host}/${PIPELINE}`)}`;
  const authFile = { REGISTRY_AUTH_FILE: join(world.root, "auth.json") };
  writeFileSync(authFile.REGISTRY_AUTH_FILE, "{}");
  const PATH = `${bin}${delimiter}${process.env["PATH"]}`;
  // The registry is in this process, so it must not wait.
  await promisify(execFile)("sh", ["-c", script], {
    cwd: repository,
    env: { ...process.env, ...world.engineEnvironment, ...authFile, PATH },
    timeout: COMMANDS_MS,
  });
}

function podmanScript(podman: string, base: string): string {
  return `command=$1
shift
case $command in
  build) exec ${podman} build --network none --build-arg BASE=${base} "$@" ;;
  login | push) exec ${podman} "$command" --tls-verify=false "$@" ;;
  *) exec ${podman} "$command" "$@" ;;
esac`;
}

function findPodman(): string {
  return execFileSync("sh", ["-c", "command -v podman"], { encoding: "utf8" }).trim();
}

function writeProgram(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

async function password({ sandbox }: ContainerWorld): Promise<string> {
  const client = new ECRClient(sandbox.clientConfig({ account: PIPELINE }));
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData[0]?.authorizationToken ?? "", "base64").toString("utf8");
  return token.slice(token.indexOf(":") + 1);
}
