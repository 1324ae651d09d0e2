import { describe, expect, it } from "vitest";
import { CONTAINER_ENGINES, oneContainerWorld } from "../support/each-container-world.ts";
import { ACCOUNT, BUCKET, GROUP } from "../support/records.ts";

const TWO_RESOURCES = `
variable "area" { type = string }
resource "terraform_data" "one" { input = var.area }
resource "terraform_data" "two" { input = terraform_data.one.id }
`;

describe.each(CONTAINER_ENGINES)("the runner with containers of %s", { timeout: 120_000 }, (program) => {
  const world = oneContainerWorld(program);

  it("pulls an image by its digest and applies it, with its state in the area's bucket", async () => {
    const digest = world().pushImage({ "main.tf": TWO_RESOURCES });

    const runner = await world().boot({ digest });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result(), runner.said()).toMatchObject({
      outcome: "succeeded",
      digest,
      plan: { add: 2, change: 0, destroy: 0 },
      failure: null,
    });
    expect(world().sandbox.account(ACCOUNT).s3.keys(BUCKET, "state/")).toEqual(["state/dga-network.tfstate"]);
    expect(world().sandbox.account(ACCOUNT).autoScaling().group(GROUP)?.desired).toBe(0);
  });
});
