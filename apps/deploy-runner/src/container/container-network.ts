import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { RunnerError } from "../runner-error.ts";
import type { ContainerCli } from "./container-cli.ts";
import { explainEngine } from "./engine-problem.ts";
import { ensureNamespace } from "./network-namespace.ts";

/** Link-local, as the bridge of Amazon ECS is: no VPC can have these addresses. */
const SUBNET = "169.254.172.0/24";
const GATEWAY = "169.254.172.1";
const NAME = "windlass";

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html: where SDKs look for credentials. */
export const CREDENTIALS_ADDRESS = "169.254.170.2";
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
const METADATA_ADDRESS = "169.254.169.254";

/**
 * Makes the network that Terraform's containers are on, the address of the credentials endpoint, and the rule that keeps
 * containers from instance metadata. The launch template's hop limit of 1 keeps them from it, too; this rule does not rest on
 * it. May be repeated, and stays until the host restarts. Returns what the engine's `--network` takes.
 */
export async function ensureContainerNetwork(cli: ContainerCli): Promise<string> {
  const network = cli.program === "podman" ? await ensureSharedNamespace() : await ensureBridge(cli);
  await runSafely("ip", ["address", "replace", `${CREDENTIALS_ADDRESS}/32`, "dev", "lo"]);
  // Before any other table sees the packet, whatever the engine puts there.
  await ensureRule(["raw", "PREROUTING", "-s", SUBNET, "-d", METADATA_ADDRESS, "-j", "DROP"]);
  return network;
}

/**
 * One network namespace for all steps: podman would make and take down a bridge and its firewall rules for each of them, at
 * more than a third of what a step costs. Docker can not be told of one.
 */
async function ensureSharedNamespace(): Promise<string> {
  const path = await ensureNamespace({ name: NAME, gateway: GATEWAY, address: "169.254.172.2", run: runSafely });
  await Promise.all([
    ensureRule(["nat", "POSTROUTING", "-s", SUBNET, "!", "-d", SUBNET, "-j", "MASQUERADE"]),
    // Other programs, Docker and firewalld among them, have the host drop what it is to forward.
    ensureRule(["filter", "FORWARD", "-s", SUBNET, "-j", "ACCEPT"]),
    ensureRule([
      "filter",
      "FORWARD",
      "-d",
      SUBNET,
      "-m",
      "conntrack",
      "--ctstate",
      "RELATED,ESTABLISHED",
      "-j",
      "ACCEPT",
    ]),
  ]);
  return `ns:${path}`;
}

async function ensureBridge(cli: ContainerCli): Promise<string> {
  const there = await cli.call(["network", "inspect", NAME]);
  // The rule that follows knows containers by their addresses: on other ones they would reach instance metadata.
  if (there.code === 0 && !there.stdout.includes(`"${SUBNET}"`)) throw foreignNetwork();
  if (there.code === 0) return NAME;
  const made = await cli.call(["network", "create", "--subnet", SUBNET, "--gateway", GATEWAY, NAME]);
  if (made.code !== 0) throw explainEngine(cli.program, { kind: "other", what: "make the containers' network" }, made);
  return NAME;
}

function foreignNetwork(): RunnerError {
  return new RunnerError({
    code: "network-setup-failed",
    message: "there is another network of this name on the instance",
    where: NAME,
    expected: SUBNET,
    hint: "remove it; nothing was run",
  });
}

/** In front of what is there already. */
async function ensureRule([table, chain, ...match]: readonly [table: string, chain: string, ...match: string[]]) {
  const rule = (action: string) => ["-w", "10", "-t", table, action, chain, ...match];
  if (!(await succeeds("iptables", rule("-C")))) await runSafely("iptables", rule("-I"));
}

async function runSafely(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, [...args]);
    return stdout;
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
