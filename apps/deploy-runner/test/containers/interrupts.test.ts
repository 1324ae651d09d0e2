import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fileLayer } from "../support/container-world.ts";
import { CONTAINER_ENGINES, oneContainerWorld } from "../support/each-container-world.ts";
import type { Booted } from "../support/process-world.ts";
import { ACCOUNT, BUCKET } from "../support/records.ts";
import { toObject } from "../support/scripts.ts";

/** Has something in its state, and goes on until it is interrupted. */
const ENDLESS = `
resource "terraform_data" "quick" {}
resource "terraform_data" "endless" {
  depends_on = [terraform_data.quick]
  provisioner "local-exec" {
    command     = "echo goes on; while true; do busybox sleep 0.1; done"
    interpreter = ["/bin/sh", "-c"]
  }
}
`;

/** An entry point as people write it: Terraform is the child of a shell, which would die of an interrupt of its own. */
const APPLY = `#!/bin/sh
set -e
terraform init -input=false -no-color
terraform apply -auto-approve -input=false -no-color
`;

const EMPTY = { "main.tf": "" };

/** Terraform's name, and somebody else's manners. */
const deaf = (trap: string) => `#!/bin/sh
trap '${trap}' INT
echo goes on
while true; do busybox sleep 0.1; done
`;

describe.each(CONTAINER_ENGINES)("stopping a container of %s", { timeout: 120_000 }, (program) => {
  const world = oneContainerWorld(program);
  let number = 6;

  const s3 = () => world().sandbox.account(ACCOUNT).s3;

  async function boot(change: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) {
    number += 1;
    const image = `stopping-${number}`;
    const runner = await world().boot(
      { deployment: `20261124t090000z-${number}`, epoch: number, image, ...change },
      environment,
    );
    return { runner, image };
  }

  function logOf({ assignment }: Booted, step: string): string {
    const keys = s3().keys(BUCKET, `runs/${assignment.deployment}/${step}/`);
    return keys.map((key) => s3().read(BUCKET, key)?.text).join("");
  }

  async function goingOn(runner: Booted, step: string): Promise<void> {
    await expect.poll(() => logOf(runner, step), { timeout: 60_000, message: "goes on" }).toContain("goes on");
  }

  /** The names of the resources in the state, and whether a lock is left. */
  function stateOf(image: string, key = `state/${image}.tfstate`) {
    const state = JSON.parse(s3().read(BUCKET, key)?.text ?? '{"resources":[]}') as {
      readonly resources: readonly { readonly name: string }[];
    };
    const locks = s3()
      .keys(BUCKET, `state/${image}`)
      .filter((found) => found.includes("lock"));
    return { resources: state.resources.map(({ name }) => name).sort(), locks };
  }

  const SAVED = { resources: expect.arrayContaining(["quick"]) as string[], locks: [] };

  it.each(["SIGTERM", "SIGINT"] as const)(
    "brings %s to Terraform, which stores its state and gives the lock back",
    async (signal) => {
      const digest = world().pushImage({ "main.tf": ENDLESS });
      const { runner, image } = await boot({ digest });
      await goingOn(runner, "apply");

      runner.process.kill(signal);

      expect(await runner.exit, runner.said()).toBe(0);
      expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "interrupted" }, exitCode: 1 });
      expect(runner.said()).not.toContain("a second time");
      expect(stateOf(image)).toEqual(SAVED);
    },
  );

  it("brings a cancel to Terraform below a shell that is the container's first process", async () => {
    const backend = 'terraform {\n  backend "local" {\n    path = "store/terraform.tfstate"\n  }\n}\n';
    const files = { "main.tf": ENDLESS, "backend.tf": backend, "apply.sh": APPLY };
    const digest = world().pushImage(files, { runtime: { Entrypoint: ["/module/apply.sh"] } });
    const { runner, image } = await boot({ digest, state: "store", entrypoint: ["apply"] });
    await goingOn(runner, "entrypoint");

    const { deployment, decidedAt } = runner.assignment;
    await world().store.putCancel({ schema: 1, deployment, by: "ada", reason: "wrong image", at: decidedAt });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "cancelled", failure: { code: "cancelled" } });
    expect(stateOf(image, `state/${image}/store/terraform.tfstate`)).toEqual(SAVED);
  });

  it("stops at the image's own time limit", async () => {
    const digest = world().pushImage({ "main.tf": ENDLESS });
    const { runner, image } = await boot({ digest, timeoutSeconds: 15 });

    expect(await runner.exit, runner.said()).toBe(0);

    expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "timeout" } });
    expect(stateOf(image)).toEqual(SAVED);
  });

  it("stops when the lease can not be renewed any more", async () => {
    const digest = world().pushImage({ "main.tf": ENDLESS });
    const { runner, image } = await boot({ digest }, { WINDLASS_FENCE_SECONDS: "4" });
    await goingOn(runner, "apply");

    const match = toObject("lease.json");
    onTestFinished(
      world().sandbox.faults.add({ kind: "error-before", service: "s3", action: "PutObject", match, status: 503 }),
    );

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "fenced" } });
    expect(stateOf(image)).toEqual(SAVED);
  });

  const SHORT = { WINDLASS_URGENT_GRACE_SECONDS: "1", WINDLASS_KILL_SECONDS: "1" };

  it("interrupts a second time, and then kills, what does not care", async () => {
    const digest = world().pushImage(EMPTY, { layers: [fileLayer({ "bin/terraform": deaf("echo heard") })] });
    const { runner } = await boot({ digest }, SHORT);
    await goingOn(runner, "init");

    runner.process.kill("SIGTERM");

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "interrupted", exitCode: 137, failure: { code: "interrupted" } });
    expect(logOf(runner, "init").match(/heard/g)).toHaveLength(2);
    expect(world().engine("ps", "--quiet")).toBe("");
  });

  it("does not lose an interrupt that comes while the container is being made", async () => {
    const digest = world().pushImage(EMPTY, { layers: [fileLayer({ "bin/terraform": deaf("echo heard; exit 3") })] });
    const { path, isWaiting, go } = await holdEngine("run");
    const { runner } = await boot({ digest }, { PATH: path });
    await expect.poll(isWaiting, { timeout: 60_000 }).toBe(true);

    runner.process.kill("SIGTERM");
    await expect.poll(runner.said).toContain("interrupting Terraform");
    await go();

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "interrupted", exitCode: 3 });
    expect(logOf(runner, "init")).toContain("heard");
  });

  it("lets no container begin that was to be killed while it was being made", async () => {
    const digest = world().pushImage(EMPTY, { layers: [fileLayer({ "bin/terraform": deaf("echo heard") })] });
    const { path, isWaiting } = await holdEngine("run");
    const { runner } = await boot({ digest }, { PATH: path, ...SHORT });
    await expect.poll(isWaiting, { timeout: 60_000 }).toBe(true);

    runner.process.kill("SIGTERM");

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "interrupted", exitCode: 137 });
    expect(world().engine("ps", "--all", "--format", "{{.Names}} {{.Status}}")).toBe("");
  });

  it("does not let Terraform work on unseen when a stranger kills the engine's program", async () => {
    const digest = world().pushImage({ "main.tf": ENDLESS });
    const { path, calls } = await holdEngine("nothing");
    const { runner } = await boot({ digest }, { PATH: path });
    await goingOn(runner, "apply");
    const follower = await findFollower(runner);

    process.kill(follower, "SIGKILL");

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "unknown", exitCode: 137, failure: { code: "terraform-killed" } });
    // Before anything else is done, since the state is looked at next.
    const after = (await calls()).slice((await calls()).findLastIndex((call) => call.startsWith("run ")) + 1);
    expect(after[0]).toMatch(/^kill --signal KILL windlass-\S+-apply$/);
    expect(world().engine("ps", "--quiet")).toBe("");
  });

  /** The process of the engine that follows the container, a child of the runner's. */
  async function findFollower({ process: { pid = 0 } }: Booted): Promise<number> {
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").map(Number);
    for (const child of children) {
      if ((await readFile(`/proc/${child}/cmdline`, "utf8")).split("\0")[1] === "run") return child;
    }
    throw new Error("no container is being followed");
  }

  /** A program of the engine's that notes its calls, and in which one command waits until it is let go. */
  async function holdEngine(command: string) {
    const bin = join(world().root, `bin-${number}`);
    const own = execFileSync("which", [program], { encoding: "utf8" }).trim();
    await mkdir(bin);
    const script = `#!/bin/sh
echo "$*" >> ${bin}/calls
if [ "$1" = "${command}" ]; then
  : > ${bin}/waiting
  while [ ! -e ${bin}/go ]; do sleep 0.1; done
fi
exec ${own} "$@"
`;
    await writeFile(join(bin, program), script);
    await chmod(join(bin, program), 0o755);
    return {
      path: `${bin}:${process.env["PATH"] ?? ""}`,
      isWaiting: () =>
        readFile(join(bin, "waiting")).then(
          () => true,
          () => false,
        ),
      calls: async () => (await readFile(join(bin, "calls"), "utf8")).trim().split("\n"),
      go: () => writeFile(join(bin, "go"), ""),
    };
  }
});
