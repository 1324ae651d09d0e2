import { type ContainerProgram, missingContainers } from "@windlass/containers";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type ContainerWorld, openContainerWorld } from "./container-world.ts";

/** The engines that the runner works with: `describe.each(CONTAINER_ENGINES)`. */
export const CONTAINER_ENGINES: readonly ContainerProgram[] = ["podman", "docker"];

/** A world for each test of the suite that asks for it. They skip, with the reason, where containers can not be run. */
export function eachContainerWorld(): () => ContainerWorld {
  let world: ContainerWorld;
  beforeEach(async (context) => {
    const missing = missingContainers();
    if (missing !== null) context.skip(missing);
    world = await openContainerWorld();
  }, 600_000);
  afterEach(() => world?.close(), 60_000);
  return () => world;
}

/** One world for all tests of the suite that asks for it, which skip as well where this engine can not be run. */
export function oneContainerWorld(program: ContainerProgram): () => ContainerWorld {
  const missing = missingContainers(program);
  let world: ContainerWorld;
  beforeAll(async () => {
    if (missing === null) world = await openContainerWorld(program);
  }, 600_000);
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });
  afterAll(() => world?.close(), 60_000);
  return () => world;
}
