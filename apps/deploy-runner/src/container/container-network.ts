import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { RunnerError } from "../runner-error.ts";
import type { ContainerCli } from "./container-cli.ts";
import { explainEngine } from "./engine-problem.ts";

/** The bridge that Terraform's containers are on. */
export const NETWORK = "windlass";

/** Link-local, as the bridge of Amazon ECS is: no VPC can have these addresses. */
const SUBNET = "169.254.172.0/24";
const GATEWAY = "169.254.172.1";

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html: where SDKs look for credentials. */
export const CREDENTIALS_ADDRESS = "169.254.170.2";
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
const METADATA_ADDRESS = "169.254.169.254";

/**
 * Makes the bridge, the address of the credentials endpoint, and the rule that keeps containers from instance metadata.
 * The launch template's hop limit of 1 keeps them from it, too; this rule does not rest on it. May be repeated.
 */
export async function ensureContainerNetwork(cli: ContainerCli): Promise<void> {
  await ensureBridge(cli);
  await command("ip", ["address", "replace", `${CREDENTIALS_ADDRESS}/32`, "dev", "lo"]);
  // Before any other table sees the packet, whatever the engine puts there.
  const rule = ["PREROUTING", "-s", SUBNET, "-d", METADATA_ADDRESS, "-j", "DROP"];
  const table = ["-w", "10", "-t", "raw"];
  if (!(await succeeds("iptables", [...table, "-C", ...rule]))) await command("iptables", [...table, "-I", ...rule]);
}

async function ensureBridge(cli: ContainerCli): Promise<void> {
  const there = await cli.call(["network", "inspect", NETWORK]);
  // The rule that follows knows containers by their addresses: on other ones they would reach instance metadata.
  if (there.code === 0 && there.stdout.includes(`"${SUBNET}"`)) return;
  if (there.code === 0) throw foreignNetwork();
  // Names are the VPC's business; podman's own resolver would only stand between.
  const dns = cli.program === "podman" ? ["--disable-dns"] : [];
  const made = await cli.call(["network", "create", ...dns, "--subnet", SUBNET, "--gateway", GATEWAY, NETWORK]);
  if (made.code !== 0) throw explainEngine(cli.program, { kind: "other", what: "make the containers' network" }, made);
}

function foreignNetwork(): RunnerError {
  return new RunnerError({
    code: "network-setup-failed",
    message: "there is another network of this name on the instance",
    where: NETWORK,
    expected: SUBNET,
    hint: "remove it; nothing was run",
  });
}

async function command(program: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, [...args]);
  } catch (error) {
    throw new RunnerError({
      code: "network-setup-failed",
      message: `the containers' network could not be made safe: ${program} failed`,
      where: args.join(" "),
      found: error instanceof Error ? error.message : String(error),
      hint: "the runner needs root, iproute2 and iptables on the deploy instance; nothing was run",
      cause: error,
    });
  }
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return await promisify(execFile)(program, [...args]).then(
    () => true,
    () => false,
  );
}
