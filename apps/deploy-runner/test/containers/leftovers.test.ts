import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { CONTAINER_HOST, missingContainers } from "@windlass/containers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ContainerWorld, openContainerWorld } from "../support/container-world.ts";
import { CONTAINER_ENGINES, oneContainerWorld } from "../support/each-container-world.ts";

const missing = missingContainers();

describe.each(CONTAINER_ENGINES)("a deployment with %s that is over", { timeout: 180_000 }, (program) => {
  const world = oneContainerWorld(program);

  it("leaves no container, no mounted image and no files behind", async () => {
    const digest = world().pushImage({ "main.tf": 'resource "terraform_data" "one" {}\n' });

    const runner = await world().boot({ digest });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()?.outcome, runner.said()).toBe("succeeded");
    expect(world().engine("ps", "--all", "--quiet")).toBe("");
    if (program === "podman") expect(world().engine("image", "mount")).toBe("");
    expect(readdirSync(join(world().root, "work"))).toEqual([]);
  });
});

describe("a workspace that can not be made", { timeout: 120_000 }, () => {
  let world: ContainerWorld;
  let server: Server;
  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing);
    world = await openContainerWorld();
    server = createServer().listen(80, CONTAINER_HOST);
  }, 600_000);
  afterEach(async () => {
    server?.close();
    await world?.close();
  }, 60_000);

  it("leaves no container behind", async () => {
    const digest = world.pushImage({ "main.tf": "" });

    const runner = await world.boot({ digest });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()?.failure?.code).toBe("credentials-endpoint-failed");
    expect(world.engine("ps", "--all", "--quiet")).toBe("");
    expect(world.engine("image", "mount")).toBe("");
  });
});
