import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileLayer, linkLayer } from "../support/container-world.ts";
import { CONTAINER_ENGINES, oneContainerWorld } from "../support/each-container-world.ts";

const OWNER = 1234;

describe.each(CONTAINER_ENGINES)("the copy of an image's module with %s", { timeout: 180_000 }, (program) => {
  const world = oneContainerWorld(program);
  let number = 7;

  async function deploy(digest: string) {
    const deployment = `20261124t090000z-${number}`;
    number += 1;
    const runner = await world().boot({ digest, deployment, epoch: number, image: `copied-${number}` });
    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()?.outcome, runner.said()).toBe("succeeded");
    return runner;
  }

  it("belongs to whom it belongs to in the image, who can work in it", async () => {
    const module = fileLayer({ "module/main.tf": 'resource "terraform_data" "one" {}\n' }, OWNER);
    const digest = world().pushImage({}, { layers: [module], runtime: { User: String(OWNER) } });

    await deploy(digest);
  });

  it("is the image's, also where a link in the image would lead to a file of the host's", async () => {
    const elsewhere = join(world().root, "elsewhere");
    const named = (name: string) => `resource "terraform_data" "${name}" {}\n`;
    mkdirSync(join(elsewhere, "module"), { recursive: true });
    writeFileSync(join(elsewhere, "module", "main.tf"), named("of_the_host"));
    const inImage = fileLayer({ [join(elsewhere, "module", "main.tf").slice(1)]: named("of_the_image") });
    const layers = [inImage, linkLayer("link", elsewhere)];
    const digest = world().pushImage({}, { layers, runtime: { WorkingDir: "/link/module" } });

    const { deployment } = (await deploy(digest)).assignment;

    expect(await world().store.readLog({ deployment, step: "apply" })).toMatch(
      /^terraform_data\.of_the_image: Creating/,
    );
  });
});
