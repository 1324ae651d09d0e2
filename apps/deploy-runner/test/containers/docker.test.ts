import { readdirSync } from "node:fs";
import { join } from "node:path";
import { missingContainers } from "@windlass/containers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContainerWorld, openContainerWorld } from "../support/container-world.ts";
import { ACCOUNT, BUCKET, GROUP } from "../support/records.ts";

const missing = missingContainers("docker");

const TWO_RESOURCES = `
variable "area" { type = string }
resource "terraform_data" "one" { input = var.area }
resource "terraform_data" "two" { input = terraform_data.one.id }
`;

describe.skipIf(missing !== null)(`the runner with Docker (${missing ?? "dockerd"})`, { timeout: 120_000 }, () => {
  let world: ContainerWorld;
  beforeAll(async () => {
    world = await openContainerWorld("docker");
  }, 600_000);
  afterAll(() => world?.close(), 60_000);

  it("pulls an image by its digest and applies it, with its state in the area's bucket, and leaves nothing", async () => {
    const digest = world.pushImage({ "main.tf": TWO_RESOURCES });

    const runner = await world.boot({ digest });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result(), runner.said()).toMatchObject({
      outcome: "succeeded",
      digest,
      plan: { add: 2, change: 0, destroy: 0 },
      failure: null,
    });
    expect(world.sandbox.account(ACCOUNT).s3.keys(BUCKET, "state/")).toEqual(["state/dga-network.tfstate"]);
    expect(world.sandbox.account(ACCOUNT).autoScaling().group(GROUP)?.desired).toBe(0);
    expect(world.engine("ps", "--all", "--quiet")).toBe("");
    expect(readdirSync(join(world.root, "work"))).toEqual([]);
  });
});
