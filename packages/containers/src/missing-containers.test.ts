import { expect, it } from "vitest";
import { missingContainers } from "./missing-containers.ts";

it("names what is not on the PATH, or what else keeps containers from running", () => {
  expect(missingContainers("/nowhere")).toMatch(
    /^containers need|^not on the PATH: podman, runc, iptables, ip, busybox, tar, terraform or tofu$/,
  );
});
