import { missingContainers } from "@windlass/containers";
import { afterEach, beforeEach } from "vitest";
import { type ContainerWorld, openContainerWorld } from "./container-world.ts";

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
