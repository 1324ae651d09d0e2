import { execFile, execFileSync } from "node:child_process";
import { totalmem } from "node:os";
import { promisify } from "node:util";
import { CONTAINER_HOST, missingContainers } from "@windlass/containers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { APPLY_ROLE, fileLayer, podmanWith } from "../support/container-world.ts";
import { CONTAINER_ENGINES, oneContainerWorld } from "../support/each-container-world.ts";
import { type FakeMetadata, METADATA_ADDRESS, serveMetadata } from "../support/imds.ts";
import { ACCOUNT, BUCKET } from "../support/records.ts";
import { NODE, sdkLayer } from "../support/sdk-layer.ts";

/** Tells what Terraform's programs find around them, one `name: value` a line. */
const LOOK = `#!/bin/sh
tell() { echo "$1: $(shift; "$@" 2>&1 | busybox tr '\\n' ' ')"; }
tell status busybox grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status
tell host busybox hostname
tell root sh -c 'busybox touch /etc/written && echo writable'
tell written sh -c '(cd /tmp && busybox touch written) && busybox touch /run/written written && echo all'
tell interfaces busybox ls /sys/class/net
tell memory busybox cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes
tell pids busybox cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max
tell keys sh -c "cat /proc/[0-9]*/environ | busybox tr '\\\\0' '\\n' | busybox grep -cE '^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)='"
tell metadata-disabled sh -c 'echo $AWS_EC2_METADATA_DISABLED'
tell metadata sh -c 'busybox timeout 2 busybox wget -q -O - http://${METADATA_ADDRESS}/latest/meta-data/ || echo not reached'
tell endpoint sh -c 'busybox wget -q -O /dev/null --header "authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" http://${CONTAINER_HOST}$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI && echo given'
tell endpoint-path sh -c 'busybox wget -q -O - --header "authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" http://${CONTAINER_HOST}/v2/credentials/0'
tell endpoint-token sh -c 'busybox wget -q -O - --header "authorization: x$AWS_CONTAINER_AUTHORIZATION_TOKEN" http://${CONTAINER_HOST}$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'
tell endpoint-bare sh -c 'busybox wget -q -O - http://${CONTAINER_HOST}$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'
`;

/** The shell may say how what it waited for has ended. */
const NOT_REACHED = /^(?:Terminated )?not reached$/;

/** Stands in for the program and tells, of each step, to what networks it was connected. */
const TELLING = (program: string) => `#!/bin/busybox sh
echo "$1: $(/bin/busybox ls /sys/class/net | /bin/busybox tr '\\n' ' ')" >&2
exec ${program} "$@"
`;

/** A folder of root's own: a container's `/` itself can not be written to without capabilities. */
const ETC = fileLayer({ "etc/issue": "" });

const LOOKING = `
resource "terraform_data" "look" {
  provisioner "local-exec" {
    command     = "./look.sh"
    interpreter = ["/bin/sh", "-c"]
  }
}
`;

/** Asks who it is until it has had two sessions and the first of them has ended. */
const ASK = `
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { setTimeout as wait } from "node:timers/promises";
const client = new STSClient({});
const arns = new Set();
const tokens = new Map();
async function ask() {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  const { sessionToken, expiration } = await client.config.credentials();
  arns.add(Arn);
  if (!tokens.has(sessionToken)) tokens.set(sessionToken, expiration.getTime());
}
async function main() {
  await ask();
  const [end] = tokens.values();
  while (Date.now() <= end + 500) { await wait(500); await ask(); }
  console.log("asked: " + JSON.stringify({ arns: [...arns], sessions: tokens.size }));
}
main().catch((error) => { console.log("failed: " + error); process.exitCode = 1; });
`;

const ASKING = `
resource "terraform_data" "ask" {
  provisioner "local-exec" {
    command     = "/module/ask.js"
    interpreter = ["${NODE}"]
  }
}
`;

/** What Docker gives a container; podman gives less. https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities */
const DOCKER_CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW"],
  ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

/** A podman that gives containers by default what Docker gives them. */
const AS_DOCKER = `default_capabilities = ${JSON.stringify(DOCKER_CAPABILITIES)}`;

describe.each(CONTAINER_ENGINES)("a container of the runner with %s", { timeout: 180_000 }, (program) => {
  const world = oneContainerWorld(program);
  let metadata: FakeMetadata;
  let number = 7;
  beforeAll(async () => {
    if (missingContainers(program) === null) metadata = await serveMetadata();
  }, 600_000);
  afterAll(() => metadata?.close(), 60_000);

  /** Deploys, and gives what each line of the step's log says. */
  async function deploy(
    change: Readonly<Record<string, unknown>>,
    step = "apply",
    environment: Readonly<Record<string, string>> = {},
  ) {
    const deployment = `20261124t090000z-${number}`;
    number += 1;
    const assignment = { deployment, epoch: number, image: `dga-network-${number}`, ...change };
    const runner = await world().boot(assignment, environment);
    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result(), runner.said()).toMatchObject({ outcome: "succeeded" });
    const { s3 } = world().sandbox.account(ACCOUNT);
    const log = s3
      .keys(BUCKET, `runs/${deployment}/${step}/`)
      .map((key) => s3.read(BUCKET, key)?.text)
      .join("");
    const lines = log.matchAll(/(?:\(local-exec\): |^)([a-z-]+): ?(.*)$/gm);
    return {
      deployment,
      log,
      told: Object.fromEntries([...lines].map(([, name = "", text = ""]) => [name, text.trim()])),
    };
  }

  it("is kept from the instance, and from all but its own credentials", async () => {
    const digest = world().pushImage({ "main.tf": LOOKING, "look.sh": LOOK }, { layers: [ETC] });

    const { told, log, deployment } = await deploy({ digest });

    expect(await (await fetch(`http://${METADATA_ADDRESS}/`)).text()).toBe("instance-credentials");
    expect(metadata.asked, log).toEqual([]);
    expect(told).toMatchObject({
      metadata: expect.stringMatching(NOT_REACHED),
      "metadata-disabled": "true",
      endpoint: "given",
      "endpoint-path": expect.stringContaining("404 Not Found"),
      "endpoint-token": expect.stringContaining("401 Unauthorized"),
      "endpoint-bare": expect.stringContaining("401 Unauthorized"),
      keys: "0",
      host: deployment,
      interfaces: "eth0 lo",
      root: expect.stringContaining("Read-only file system"),
      written: "all",
      pids: expect.stringContaining("4096"),
    });
    for (const line of ["CapEff: 0{16}", "CapPrm: 0{16}", "CapBnd: 0{16}", "NoNewPrivs: 1", "Seccomp: 2"]) {
      expect(told["status"]?.replaceAll("\t", " ")).toMatch(new RegExp(line));
    }
    const [limit = "none"] = told["memory"]?.match(/\d+$/) ?? [];
    expect(Number(limit)).toBeLessThan(totalmem());
  });

  it.each([
    ["terraform", "lo"],
    // It may have to ask a key service for the key of the plan.
    ["tofu", "eth0 lo"],
  ])("has, with %s, these networks while it shows the plan: %s", async (name, networks) => {
    const script = fileLayer({ [`opt/${name}`]: TELLING("/bin/terraform") });
    const files = { "main.tf": 'resource "terraform_data" "one" {}\n' };
    const digest = world().pushImage(files, { layers: [script], runtime: { Env: ["PATH=/opt"] } });

    const { deployment } = await deploy({ digest });

    const { s3 } = world().sandbox.account(ACCOUNT);
    const told = (step: string) =>
      s3.read(BUCKET, `runs/${deployment}/${step}/000000.log`)?.text.split("\n")[0]?.trim();
    expect(told("show")).toBe(`show: ${networks}`);
    expect(told("plan")).toBe("plan: eth0 lo");
    expect(told("apply")).toBe("apply: eth0 lo");
  });

  it("could reach instance metadata but for the rule", async () => {
    const rule = ["PREROUTING", "-s", "169.254.172.0/24", "-d", METADATA_ADDRESS, "-j", "DROP"];
    const image = world().engine("images", "--quiet").trim().split("\n")[0] ?? "";
    const options = [
      "run",
      "--rm",
      "--network",
      program === "podman" ? "ns:/run/netns/windlass" : "windlass",
      "--entrypoint",
      "/bin/busybox",
      image,
    ];
    execFileSync("iptables", ["-t", "raw", "-D", ...rule]);

    const { stdout } = await promisify(execFile)(
      program,
      [...options, "wget", "-q", "-O", "-", `http://${METADATA_ADDRESS}/from-a-container`],
      { env: { ...process.env, ...world().engineEnvironment }, timeout: 30_000 },
    );

    expect(stdout).toBe("instance-credentials");
    expect(metadata.asked).toContain("/from-a-container");
  });

  it("may write to its root where its image says that it has to, and has no capabilities either", async () => {
    const files = { "main.tf": LOOKING, "look.sh": LOOK };
    const digest = world().pushImage(files, { layers: [ETC], labels: { "io.windlass.root-filesystem": "writable" } });

    const { told } = await deploy({ digest });

    expect(told["root"]).toBe("writable");
    expect(told["status"]?.replaceAll("\t", " ")).toMatch(/CapEff: 0{16}.*NoNewPrivs: 1/);
  });

  it("has, with an entry point of its own, no raw sockets, no devices and no new privileges", async () => {
    const digest = world().pushImage(
      { "look.sh": LOOK },
      { layers: [ETC], runtime: { Entrypoint: ["/module/look.sh"] } },
    );

    const { told } = await deploy(
      { digest, entrypoint: ["apply"] },
      "entrypoint",
      program === "podman" ? await podmanWith(world(), AS_DOCKER) : {},
    );

    const bounding = /CapBnd: ([0-9a-f]{16})/.exec(told["status"]?.replaceAll("\t", " ") ?? "")?.[1] ?? "f".repeat(16);
    const has = (bit: bigint) => (BigInt(`0x${bounding}`) >> bit) & 1n;
    // NET_ADMIN, NET_RAW, SYS_PTRACE, SYS_ADMIN, MKNOD and AUDIT_WRITE of capabilities(7).
    for (const bit of [12n, 13n, 19n, 21n, 27n, 29n]) expect(has(bit), String(bit)).toBe(0n);
    // CHOWN and SETUID: what the engine gives otherwise is left to it.
    for (const bit of [0n, 7n]) expect(has(bit), String(bit)).toBe(1n);
    expect(told).toMatchObject({ root: "writable", keys: "0", metadata: expect.stringMatching(NOT_REACHED) });
    expect(told["status"]).toMatch(/NoNewPrivs:\s1/);
  });

  it("gets the apply role's credentials through the SDK of AWS, and new ones when they end", async () => {
    world().sandbox.account(ACCOUNT).sts.trust({ role: "windlass-apply-staging", endSessionsAfterSeconds: 15 });
    const digest = world().pushImage({ "main.tf": ASKING }, { layers: [sdkLayer("ask.js", ASK)] });

    const { told, log, deployment } = await deploy({ digest });

    const asked = JSON.parse(told["asked"] ?? "null") as { arns: readonly string[]; sessions: number } | null;
    const role = APPLY_ROLE.split("/").at(-1) ?? "";
    expect(asked?.arns, log).toEqual([`arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${deployment}`]);
    expect(asked?.sessions).toBeGreaterThan(1);
  });

  it("leaves nothing to do with the instance role for Terraform, whose calls show the deployment", () => {
    const calls = world().sandbox.calls.entries.filter(({ service, input }) => {
      return service === "s3" && String(input["Key"] ?? input["prefix"] ?? "").startsWith("state/");
    });

    expect(calls.length).toBeGreaterThan(0);
    expect(new Set(calls.map(({ role }) => role))).toEqual(new Set(["windlass-apply-staging"]));
    expect(new Set(calls.map(({ session }) => session))).toContain("20261124t090000z-7");
    const others = world().sandbox.calls.entries.filter(({ role }) => role === "windlass-apply-staging");
    expect(others.filter(({ input }) => String(input["Key"] ?? "").startsWith("runs/"))).toEqual([]);
  });
});
