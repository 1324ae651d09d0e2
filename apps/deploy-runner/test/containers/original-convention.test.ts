import { missingContainers } from "@windlass/containers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ContainerWorld, openContainerWorld } from "../support/container-world.ts";
import { readExample } from "../support/examples.ts";
import type { Booted } from "../support/process-world.ts";
import { ACCOUNT, BUCKET } from "../support/records.ts";

const missing = missingContainers();

const FAILING = `
resource "terraform_data" "broken" {
  depends_on = [terraform_data.network]
  provisioner "local-exec" { command = "echo about to fail; exit 3" }
}
`;

const ENDLESS = `
resource "terraform_data" "endless" {
  depends_on = [terraform_data.network]
  provisioner "local-exec" { command = "echo up; sleep 600" }
}
`;

interface State {
  readonly serial: number;
  readonly resources: readonly { readonly name: string; readonly instances: readonly { attributes: unknown }[] }[];
}

describe("an image of the original's convention", { timeout: 180_000 }, () => {
  let world: ContainerWorld;
  let counter = 10;
  beforeAll(async () => {
    if (missing === null) world = await openContainerWorld();
  }, 600_000);
  afterAll(() => world?.close(), 120_000);
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });

  /** The example, with more resources; its shell stays the container's first process. */
  const pushImage = (resources = "", shell: readonly string[] = ["/bin/sh", "/module/entrypoint.sh"]) =>
    world.pushImage(
      {
        "main.tf": readExample("iac-image-entrypoint", "main.tf"),
        "more.tf": resources,
        "entrypoint.sh": readExample("iac-image-entrypoint", "entrypoint.sh"),
      },
      { runtime: { Entrypoint: shell } },
    );
  const boot = (change: Record<string, unknown>) => {
    counter += 1;
    const convention = { state: "store", entrypoint: ["apply-no-color"] };
    return world.boot({ deployment: `20261124t090000z-${counter}`, epoch: counter, ...convention, ...change });
  };
  const stateOf = (image: string): State => {
    const object = world.sandbox.account(ACCOUNT).s3.read(BUCKET, `state/${image}/store/terraform.tfstate`);
    return JSON.parse(object?.text ?? "null") as State;
  };
  const logOf = ({ assignment: { deployment } }: Booted) => world.store.readLog({ deployment, step: "entrypoint" });

  it("runs unchanged: plan and apply of its own, with its own variables, over the state that it left before", async () => {
    const image = "convention";
    const digest = pushImage();

    const first = await boot({ image, digest });
    expect(await first.exit, first.said()).toBe(0);
    const { serial } = stateOf(image);
    const second = await boot({ image, digest, expectsState: true });
    expect(await second.exit, second.said()).toBe(0);

    expect(first.result(), await logOf(first)).toMatchObject({ outcome: "succeeded", exitCode: 0, digest });
    expect(stateOf(image).resources[0]?.instances[0]?.attributes).toMatchObject({
      output: {
        value: {
          name: "network-staging",
          region: "ap-southeast-2",
          account: "333333333333",
          owner: "AusDTO/dga-network",
        },
      },
    });
    expect(second.result()).toMatchObject({ outcome: "succeeded" });
    expect(await logOf(second)).toContain("0 added, 0 changed, 0 destroyed");
    expect(stateOf(image).serial).toBe(serial);
  });

  it("keeps the state of what was applied before a failure, and says what Terraform said", async () => {
    const image = "convention-failing";

    const runner = await boot({ image, digest: pushImage(FAILING) });
    expect(await runner.exit, runner.said()).toBe(0);

    expect(runner.result()).toMatchObject({ outcome: "failed", failure: { code: "entrypoint-failed" } });
    expect(runner.result()?.failure?.message).toMatch(/^Error: local-exec provisioner error\n/);
    expect(stateOf(image).resources.map(({ name }) => name)).toContain("network");
  });

  it("may fail before there is any state, and the next deployment begins with an empty one", async () => {
    const image = "convention-usage";
    const digest = pushImage();

    const first = await boot({ image, digest, entrypoint: ["destroy"] });
    expect(await first.exit, first.said()).toBe(0);
    const second = await boot({ image, digest, expectsState: true });
    expect(await second.exit, second.said()).toBe(0);

    expect(first.result()).toMatchObject({ outcome: "failed", exitCode: 64, failure: { code: "entrypoint-failed" } });
    expect(second.result(), await logOf(second)).toMatchObject({ outcome: "succeeded" });
    expect(stateOf(image).resources.map(({ name }) => name)).toEqual(["network"]);
  });

  it("has Terraform itself interrupted on SIGTERM, also the one that its loop starts again", async () => {
    const image = "convention-loop";
    const loop = ["/bin/sh", "-c", "ATTEMPTS=3 PAUSE=1; . /module/entrypoint.sh", "entrypoint"];
    const runner = await boot({ image, digest: pushImage(ENDLESS, loop) });
    await expect.poll(() => logOf(runner), { timeout: 60_000 }).toContain("up\n");

    runner.process.kill("SIGTERM");

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "failed", exitCode: 1, failure: { code: "interrupted" } });
    const log = (await logOf(runner)) ?? "";
    expect(log).toContain("Interrupt received.");
    expect(log).toContain("attempt 3 of 3");
    expect(stateOf(image).resources.map(({ name }) => name)).toContain("network");
    expect(world.engine("ps", "--quiet")).toBe("");
  });
});
