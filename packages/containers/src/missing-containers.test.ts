import { expect, it } from "vitest";
import { missingContainers } from "./missing-containers.ts";

it.each([
  ["podman", "podman, runc, iptables, ip, busybox, tar, terraform or tofu"],
  ["docker", "docker, dockerd, iptables, ip, busybox, tar, terraform or tofu"],
] as const)("names, for %s, what is not on the PATH, or what else keeps containers from running", (engine, names) => {
  expect(missingContainers(engine, "/nowhere")).toMatch(new RegExp(`^containers need|^not on the PATH: ${names}$`));
});
