import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { missingContainers } from "./missing-containers.ts";
import { removeBridge } from "./remove-bridge.ts";

const missing = missingContainers();
const ADDRESS = "169.254.173.1";
const NAME = "windlass-left";

it("removes the interface with the address, and no other", (context) => {
  if (missing !== null) context.skip(missing);
  const interfaces = () => execFileSync("ip", ["-oneline", "link"], { encoding: "utf8" });
  execFileSync("ip", ["link", "add", NAME, "type", "bridge"]);
  execFileSync("ip", ["address", "add", `${ADDRESS}/24`, "dev", NAME]);

  removeBridge("169.254.173.2");
  expect(interfaces()).toContain(NAME);

  removeBridge(ADDRESS);
  expect(interfaces()).not.toContain(NAME);
  removeBridge(ADDRESS);
});
