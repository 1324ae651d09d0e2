import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingContainers } from "@windlass/containers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ContainerWorld, fileLayer, linkLayer, openContainerWorld } from "../support/container-world.ts";

const missing = missingContainers();
const OWNER = 1234;

describe("the copy of an image's module", { timeout: 180_000 }, () => {
  let world: ContainerWorld;
  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing);
    world = await openContainerWorld();
  }, 600_000);
  afterEach(() => world?.close(), 60_000);

  it("belongs to whom it belongs to in the image, who can work in it", async () => {
    const module = fileLayer({ "module/main.tf": 'resource "terraform_data" "one" {}\n' }, OWNER);
    const digest = world.pushImage({}, { layers: [module], runtime: { User: String(OWNER) } });

    const runner = await world.boot({ digest });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()?.outcome, runner.said()).toBe("succeeded");
  });

  it("is the image's, also where a link in the image would lead to a file of the host's", async () => {
    const elsewhere = join(world.root, "elsewhere");
    const named = (name: string) => `resource "terraform_data" "${name}" {}\n`;
    mkdirSync(join(elsewhere, "module"), { recursive: true });
    writeFileSync(join(elsewhere, "module", "main.tf"), named("of_the_host"));
    const inImage = fileLayer({ [join(elsewhere, "module", "main.tf").slice(1)]: named("of_the_image") });
    const layers = [inImage, linkLayer("link", elsewhere)];
    const digest = world.pushImage({}, { layers, runtime: { WorkingDir: "/link/module" } });

    const runner = await world.boot({ digest });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()?.outcome, runner.said()).toBe("succeeded");
    const { deployment } = runner.assignment;
    expect(await world.store.readLog({ deployment, step: "apply" })).toMatch(/^terraform_data\.of_the_image: Creating/);
  });
});
