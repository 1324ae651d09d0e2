import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtRunner } from "./support/built-runner.ts";
import { missingTerraform, openProcessWorld, type ProcessWorld } from "./support/process-world.ts";
import { ACCOUNT, BUCKET, DIGEST, GROUP } from "./support/records.ts";
import { toObject } from "./support/scripts.ts";

const missing = missingTerraform();

const TWO_RESOURCES = `
variable "area" { type = string }
variable "size" { type = string }
resource "terraform_data" "one" { input = "\${var.area}-\${var.size}" }
resource "terraform_data" "two" { input = terraform_data.one.id }
output "area" { value = var.area }
`;

/** Begins to apply, tells Terraform's process id, and goes on until it is interrupted. */
const ENDLESS = `
variable "mark" { type = string }
resource "terraform_data" "quick" {}
resource "terraform_data" "endless" {
  depends_on = [terraform_data.quick]
  provisioner "local-exec" {
    command     = "process.stdout.write('up'); require('fs').writeFileSync('\${var.mark}', String(process.ppid)); setInterval(() => {}, 1000)"
    interpreter = ["${process.execPath}", "-e"]
  }
}
`;

const FAILING = `
resource "terraform_data" "fine" {}
resource "terraform_data" "broken" {
  depends_on = [terraform_data.fine]
  provisioner "local-exec" { command = "echo about to fail; exit 3" }
}
`;

interface State {
  readonly serial: number;
  readonly resources: readonly {
    readonly name: string;
    readonly instances: readonly { attributes: { id: string } }[];
  }[];
}

describe("the built runner with real Terraform", () => {
  let world: ProcessWorld;
  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing);
    world = await openProcessWorld();
  });
  afterEach(() => world?.close());

  const bucket = () => world.sandbox.account(ACCOUNT).s3;
  const state = (): State => JSON.parse(bucket().read(BUCKET, "state/dga-network.tfstate")?.text ?? "null") as State;
  const idOf = (name: string) => state().resources.find((found) => found.name === name)?.instances[0]?.attributes.id;
  const group = () => world.sandbox.account(ACCOUNT).autoScaling().group(GROUP);
  const applying = () => expect.poll(() => world.terraformId(), { timeout: 30_000 }).toBeGreaterThan(0);
  const locks = () =>
    bucket()
      .keys(BUCKET, "state/")
      .filter((key) => key.endsWith(".tflock"));

  it("applies a module, keeps its state in the area's bucket, tells the result and leaves the group", async () => {
    await world.writeModule(TWO_RESOURCES);

    const runner = await world.boot({ variables: { size: "small" } });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({
      instance: runner.instance,
      outcome: "succeeded",
      exitCode: 0,
      digest: DIGEST,
      plan: { add: 2, change: 0, destroy: 0 },
      failure: null,
    });
    expect(runner.result()?.steps.map(({ step, exitCode }) => `${step} ${exitCode}`)).toEqual([
      "init 0",
      "plan 0",
      "show 0",
      "apply 0",
    ]);
    expect(state().resources.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(locks()).toEqual([]);
    const { deployment } = runner.assignment;
    expect(await world.store.readLog({ deployment, step: "apply" })).toContain("Apply complete! Resources: 2 added");
    expect(group()?.desired).toBe(0);
  });

  it("finds its state again: a second run changes only what is different, a third nothing", async () => {
    await world.writeModule(TWO_RESOURCES);
    const first = await world.boot({ variables: { size: "small" } });
    expect(await first.exit, first.said()).toBe(0);
    const id = idOf("one");

    const second = await world.boot({ deployment: "20261124t090000z-8", epoch: 8, variables: { size: "large" } });
    expect(await second.exit, second.said()).toBe(0);
    const third = await world.boot({ deployment: "20261124t090000z-9", epoch: 9, variables: { size: "large" } });
    expect(await third.exit, third.said()).toBe(0);

    expect(second.result()).toMatchObject({ outcome: "succeeded", plan: { add: 0, change: 1, destroy: 0 } });
    expect(third.result()).toMatchObject({ outcome: "noop", plan: { add: 0, change: 0, destroy: 0 } });
    expect(third.result()?.steps.map(({ step }) => step)).toEqual(["init", "plan", "show"]);
    expect(idOf("one")).toBe(id);
  });

  it("tells what Terraform said where apply fails, and keeps the state of what was applied", async () => {
    await world.writeModule(FAILING);

    const runner = await world.boot();

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "failed", exitCode: 1, failure: { code: "apply-failed" } });
    expect(runner.result()?.failure?.message).toMatch(/^Error: local-exec provisioner error\n/);
    expect(runner.result()?.failure?.message).toContain("exit status 3");
    expect(idOf("fine")).toBeDefined();
    expect(group()?.desired).toBe(0);
  });

  it("tells where planning fails, with nothing applied", async () => {
    await world.writeModule('resource "terraform_data" "one" { input = var.missing }');

    const runner = await world.boot();

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "plan-failed" } });
    expect(runner.result()?.failure?.message).toContain("Reference to undeclared input variable");
    expect(bucket().keys(BUCKET, "state/")).toEqual([]);
  });

  it("stops Terraform in good order on SIGTERM: state saved, lock gone, result told", async () => {
    await world.writeModule(ENDLESS);
    const runner = await world.boot({ variables: { mark: world.markFile } });
    await applying();
    expect(runner.lease()?.phase).toBe("applying");

    runner.process.kill("SIGTERM");

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "failed", exitCode: 1, failure: { code: "interrupted" } });
    expect(runner.result()?.failure?.message).toContain("SIGTERM");
    expect(idOf("quick")).toBeDefined();
    expect(locks()).toEqual([]);
    expect(isRunning(await world.terraformId())).toBe(false);
    expect(group()?.desired).toBe(0);
  });

  it("leaves no result behind when it is killed, only a lease that says applying", async () => {
    await world.writeModule(ENDLESS);
    const runner = await world.boot({ variables: { mark: world.markFile } });
    await applying();

    runner.process.kill("SIGKILL");
    await runner.exit;

    expect(runner.result()).toBeNull();
    expect(runner.lease()).toMatchObject({ phase: "applying", instance: runner.instance });
    expect(group()?.instances).toMatchObject([{ id: runner.instance, protectedFromScaleIn: true }]);
  });

  it("interrupts Terraform by itself when it can not renew its lease", async () => {
    await world.writeModule(ENDLESS);
    const runner = await world.boot({ variables: { mark: world.markFile } }, { WINDLASS_FENCE_SECONDS: "2" });
    await applying();

    const match = toObject("lease.json");
    world.sandbox.faults.add({ service: "s3", kind: "error-before", match });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "fenced" } });
    expect(locks()).toEqual([]);
  });

  it("brings a state that Terraform could not store to safety", async () => {
    await world.writeModule(TWO_RESOURCES);
    const match = ({ input }: { input: Readonly<Record<string, unknown>> }) =>
      String(input["Key"]).endsWith(".tfstate") && String(input["Key"]).startsWith("state/");
    world.sandbox.faults.add({
      service: "s3",
      action: "PutObject",
      kind: "error-before",
      status: 403,
      code: "AccessDenied",
      match,
    });

    const runner = await world.boot({ variables: { size: "small" } });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "state-unsaved", failure: { code: "state-unsaved" } });
    const kept = bucket().read(BUCKET, `runs/${runner.assignment.deployment}/errored.tfstate`);
    expect((JSON.parse(kept?.text ?? "null") as State).resources.map(({ name }) => name)).toEqual(["one", "two"]);
  });

  it("refuses a module that would keep its state on the instance", async () => {
    await world.writeModule('resource "terraform_data" "one" {}');

    const runner = await world.boot({ state: "image" });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "no-remote-backend" } });
  });

  it("takes a module's own remote backend as it is", async () => {
    const url = 'endpoints = { s3 = "ENDPOINT", sts = "ENDPOINT" }';
    await world.writeModule(`
      terraform {
        backend "s3" {
          bucket                  = "${BUCKET}"
          key                     = "of-its-own.tfstate"
          region                  = "ap-southeast-2"
          use_path_style          = true
          skip_metadata_api_check = true
          ${url.replaceAll("ENDPOINT", world.url)}
        }
      }
      resource "terraform_data" "one" {}
    `);

    const runner = await world.boot({ state: "image" });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "succeeded" });
    expect(bucket().keys(BUCKET, "of-its-own")).toEqual(["of-its-own.tfstate"]);
  });
});

describe("the built runner", () => {
  let world: ProcessWorld;
  beforeEach(async () => {
    world = await openProcessWorld();
  });
  afterEach(() => world.close());

  it("ends with 78 and one message that names everything wrong with its environment", async () => {
    const runner = await world.boot({}, { WINDLASS_ACCOUNT: "12345", WINDLASS_STATE_BUCKET: "" });

    expect(await runner.exit).toBe(78);
    expect(runner.said()).toBe(
      [
        "windlass runner: the runner's environment has 2 problems:",
        '  WINDLASS_ACCOUNT: expected 12 digits, found "12345"',
        "  WINDLASS_STATE_BUCKET: is empty",
        "",
      ].join("\n"),
    );
  });

  it("is one file, without the EC2 client, which is larger than all the others together", async () => {
    const bundle = await builtRunner();

    const text = await readFile(bundle, "utf8");
    const files = await readdir(dirname(bundle));

    expect(text).toContain("com.amazonaws.autoscaling");
    expect(text).not.toContain("com.amazonaws.ec2");
    expect(files.filter((name) => name.endsWith(".mjs"))).toEqual(["runner.mjs"]);
  });

  it("writes nothing but JSON lines, with the area and the deployment in each, and no credentials", async () => {
    const runner = await world.boot({}, { WINDLASS_TERRAFORM: "/nowhere/terraform" });

    expect(await runner.exit, runner.said()).toBe(0);
    const lines = runner
      .logged()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      expect(line).toMatchObject({
        area: "staging",
        deployment: runner.assignment.deployment,
        msg: expect.any(String),
      });
    }
    expect(runner.said()).not.toContain("a-secret-of-the-runner");
    expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "terraform-missing" } });
  });

  it("touches nothing with the credentials of another account", async () => {
    const runner = await world.boot(
      {},
      { AWS_ACCESS_KEY_ID: "444444444444", WINDLASS_START_UP_SECONDS: "1", WINDLASS_RETIRE_SECONDS: "1" },
    );

    expect(await runner.exit).toBe(1);
    expect(runner.result()).toBeNull();
    expect(world.sandbox.account(ACCOUNT).s3.keys(BUCKET, "runs/")).toHaveLength(1);
  });
});

function isRunning(id: number | null): boolean {
  try {
    return id !== null && process.kill(id, 0);
  } catch {
    return false;
  }
}
