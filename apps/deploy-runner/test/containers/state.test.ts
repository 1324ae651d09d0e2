import { missingContainers } from "@windlass/containers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ContainerWorld, openContainerWorld } from "../support/container-world.ts";
import type { Booted } from "../support/process-world.ts";
import { ACCOUNT, BUCKET } from "../support/records.ts";
import { toObject } from "../support/scripts.ts";

const missing = missingContainers();

const TWO_RESOURCES = `
variable "area" { type = string }
variable "size" { type = string }
resource "terraform_data" "one" { input = "\${var.area}-\${var.size}" }
resource "terraform_data" "two" { input = terraform_data.one.id }
`;

const FAILING = `
resource "terraform_data" "fine" {}
resource "terraform_data" "broken" {
  depends_on = [terraform_data.fine]
  provisioner "local-exec" { command = "echo about to fail; exit 3" }
}
`;

const ENDLESS = `
resource "terraform_data" "quick" {}
resource "terraform_data" "endless" {
  depends_on = [terraform_data.quick]
  provisioner "local-exec" { command = "echo up; sleep 600" }
}
`;

const APPLY_BELOW = `#!/bin/sh
cd infra && terraform init -input=false -no-color && terraform apply -auto-approve -input=false -no-color
`;

interface State {
  readonly resources: readonly {
    readonly name: string;
    readonly instances: readonly { attributes: { id: string } }[];
  }[];
}

describe("the state of an image that runs in containers", { timeout: 180_000 }, () => {
  let world: ContainerWorld;
  let counter = 10;
  beforeAll(async () => {
    if (missing === null) world = await openContainerWorld();
  }, 600_000);
  afterAll(() => world?.close(), 120_000);
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });
  afterEach(() => world?.sandbox.faults.clear());

  /** The next deployment. */
  const boot = (change: Record<string, unknown>, environment: Readonly<Record<string, string>> = {}) => {
    counter += 1;
    return world.boot({ deployment: `20261124t090000z-${counter}`, epoch: counter, ...change }, environment);
  };
  const s3 = () => world.sandbox.account(ACCOUNT).s3;
  const read = (key: string): State => JSON.parse(s3().read(BUCKET, key)?.text ?? "null") as State;
  const namesIn = (key: string) => read(key).resources.map(({ name }) => name);
  const storeOf = (image: string) => `state/${image}/store/terraform.tfstate`;
  const applying = ({ assignment: { deployment } }: Booted) =>
    expect.poll(() => world.store.readLog({ deployment, step: "apply" }), { timeout: 60_000 }).toContain("up\n");
  /** Ends the machine, as far as there is one. */
  async function killMachine(runner: Booted): Promise<void> {
    runner.process.kill("SIGKILL");
    await runner.exit;
    world.engine("kill", "--all");
    await world.endInstance(runner.instance);
  }

  describe("with state: store", () => {
    it("is what the deployment before has left: only what is different changes", async () => {
      const image = "store-twice";
      const digest = world.pushImage({ "main.tf": TWO_RESOURCES });

      const first = await boot({ image, digest, state: "store", variables: { size: "small" } });
      expect(await first.exit, first.said()).toBe(0);
      const before = read(storeOf(image));
      world.sandbox.calls.clear();
      const large = { image, digest, state: "store", expectsState: true, variables: { size: "large" } };
      const second = await boot(large);
      expect(await second.exit, second.said()).toBe(0);

      expect(first.result()).toMatchObject({ outcome: "succeeded", plan: { add: 2, change: 0, destroy: 0 } });
      expect(second.result()).toMatchObject({ outcome: "succeeded", plan: { add: 0, change: 1, destroy: 0 } });
      expect(read(storeOf(image)).resources[0]?.instances[0]?.attributes.id).toBe(
        before.resources[0]?.instances[0]?.attributes.id,
      );
      expect(s3().keys(BUCKET, `state/${image}`)).toContain(storeOf(image));
    });

    it("is read and written with the apply role's session, and with nobody else's credentials", async () => {
      const image = "store-role";
      world.sandbox.calls.clear();

      const runner = await boot({ image, digest: world.pushImage({ "main.tf": FAILING }), state: "store" });
      expect(await runner.exit, runner.said()).toBe(0);

      const touched = world.sandbox.calls.entries.filter(
        ({ service, input }) =>
          service === "s3" && String(input["Key"] ?? input["prefix"]).startsWith(`state/${image}/`),
      );
      expect(touched.map(({ action }) => action)).toEqual(expect.arrayContaining(["ListObjectsV2", "PutObject"]));
      expect(new Set(touched.map(({ role, session }) => `${role} ${session}`))).toEqual(
        new Set([`windlass-apply-staging ${runner.assignment.deployment}`]),
      );
    });

    it("survives an apply that fails", async () => {
      const image = "store-failing";

      const runner = await boot({ image, digest: world.pushImage({ "main.tf": FAILING }), state: "store" });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "apply-failed" } });
      expect(namesIn(storeOf(image))).toContain("fine");
    });
  });

  describe("with state: image", () => {
    const backend = () => `
      terraform {
        backend "s3" {
          bucket                  = "${BUCKET}"
          key                     = "state/of-its-own.tfstate"
          region                  = "ap-southeast-2"
          use_path_style          = true
          skip_metadata_api_check = true
          endpoints               = { s3 = "${world.url}", sts = "${world.url}" }
        }
      }
      resource "terraform_data" "one" {}
    `;

    it("is where the module's own backend keeps it", async () => {
      const runner = await boot({ digest: world.pushImage({ "main.tf": backend() }), state: "image" });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result(), runner.said()).toMatchObject({ outcome: "succeeded" });
      expect(namesIn("state/of-its-own.tfstate")).toEqual(["one"]);
    });

    it.each(["data", "/module/deep/data"])("may be configured with TF_DATA_DIR=%s", async (folder) => {
      const digest = world.pushImage(
        { "main.tf": backend() },
        { runtime: { Env: ["PATH=/bin", `TF_DATA_DIR=${folder}`] } },
      );

      const runner = await boot({ digest, state: "image" });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result(), runner.said()).toMatchObject({ failure: null });
    });

    it("can not be told where TF_DATA_DIR is a place that is gone in the next step, which is refused", async () => {
      const runtime = { Env: ["PATH=/bin", "TF_DATA_DIR=/run/data"] };
      const runner = await boot({ digest: world.pushImage({ "main.tf": backend() }, { runtime }), state: "image" });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "image-unfit" } });
      expect(runner.result()?.failure?.message).toContain("TF_DATA_DIR");
    });

    it("is refused, with nothing planned, where the module has no backend", async () => {
      const runner = await boot({ digest: world.pushImage({ "main.tf": FAILING }), state: "image" });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "no-remote-backend" } });
      expect(runner.result()?.steps.map(({ step }) => step)).toEqual(["init"]);
    });

    it("is kept aside where an entry point keeps it on the instance", async () => {
      const digest = world.pushImage(
        { "infra/main.tf": 'resource "terraform_data" "one" {}', "apply.sh": APPLY_BELOW },
        { runtime: { Entrypoint: ["/module/apply.sh"] } },
      );

      const runner = await boot({ digest, state: "image", entrypoint: ["apply"] });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result(), runner.said()).toMatchObject({
        outcome: "state-unsaved",
        exitCode: 0,
        failure: { code: "no-remote-backend", message: expect.stringContaining("infra/terraform.tfstate") },
      });
      expect(namesIn(`runs/${runner.assignment.deployment}/errored.tfstate`)).toEqual(["one"]);
    });

    it("is rescued where an entry point could not store it from the folder in which it ran Terraform", async () => {
      const digest = world.pushImage(
        { "infra/main.tf": backend().replace("of-its-own", "refused-below"), "apply.sh": APPLY_BELOW },
        { runtime: { Entrypoint: ["/module/apply.sh"] } },
      );
      const match = toObject("state/refused-below.tfstate");
      const refusal = { status: 403, code: "AccessDenied", match };
      world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", ...refusal });

      const runner = await boot({ digest, state: "image", entrypoint: ["apply"] });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result(), runner.said()).toMatchObject({
        outcome: "state-unsaved",
        failure: { code: "state-unsaved" },
        notes: [expect.stringContaining("infra/errored.tfstate is kept as")],
      });
      expect(namesIn(`runs/${runner.assignment.deployment}/errored.tfstate`)).toEqual(["one"]);
    });
  });

  describe("with state: managed", () => {
    it("is kept by OpenTofu, where that is the image's program", async () => {
      const image = "managed-tofu";
      const digest = world.pushImage({ "main.tf": TWO_RESOURCES }, { program: "tofu" });

      const runner = await boot({ image, digest, variables: { size: "small" } });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result(), runner.said()).toMatchObject({ outcome: "succeeded" });
      expect(namesIn(`state/${image}.tfstate`)).toEqual(["one", "two"]);
    });

    it("is brought to safety where the bucket does not take it", async () => {
      const image = "managed-refused";
      const match = toObject(`state/${image}.tfstate`);
      const refusal = { status: 403, code: "AccessDenied", match };
      world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", ...refusal });

      const runner = await boot({ image, digest: world.pushImage({ "main.tf": FAILING }) });
      expect(await runner.exit, runner.said()).toBe(0);

      expect(runner.result()).toMatchObject({ outcome: "state-unsaved", failure: { code: "state-unsaved" } });
      expect(namesIn(`runs/${runner.assignment.deployment}/errored.tfstate`)).toContain("fine");
      expect(runner.result()?.failure?.hint).toContain(
        `aws s3 cp errored.tfstate s3://${BUCKET}/state/${image}.tfstate`,
      );
    });

    it("has the lock of a machine that died while applying broken, once that death is confirmed", async () => {
      const image = "managed-lock";
      const dead = await boot({ image, digest: world.pushImage({ "main.tf": ENDLESS }) });
      await applying(dead);
      await killMachine(dead);
      const { deployment } = dead.assignment;
      const next = { image, digest: world.pushImage({ "main.tf": TWO_RESOURCES }), variables: { size: "small" } };
      expect(s3().keys(BUCKET, `state/${image}`)).toContain(`state/${image}.tfstate.tflock`);

      const unsure = await boot(next, { WINDLASS_LOCK_SECONDS: "1" });
      expect(await unsure.exit, unsure.said()).toBe(0);
      const sure = await boot({ ...next, confirmedDead: [deployment] }, { WINDLASS_LOCK_SECONDS: "1" });
      expect(await sure.exit, sure.said()).toBe(0);

      expect(unsure.result()).toMatchObject({ outcome: "failed", brokenLock: null, failure: { code: "state-locked" } });
      expect(unsure.result()?.failure?.hint).toMatch(
        new RegExp(`^held by \\S*@${deployment} since .* terraform force-unlock [0-9a-f-]{36}$`),
      );
      expect(sure.result(), sure.said()).toMatchObject({ outcome: "succeeded", brokenLock: { holder: deployment } });
      expect(s3().keys(BUCKET, `state/${image}`)).toEqual([`state/${image}.tfstate`]);
      expect(namesIn(`state/${image}.tfstate`)).toEqual(["one", "two"]);
    });
  });
});
