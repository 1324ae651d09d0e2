import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { missingContainers, takeTurn } from "@windlass/containers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContainerCli } from "../../src/container/container-cli.ts";
import { ensureContainerNetwork } from "../../src/container/container-network.ts";
import { podmanEnvironment } from "../support/container-world.ts";
import { findProgram } from "../support/find-program.ts";

const missing = missingContainers();

describe.skipIf(missing !== null)(`the containers' network${missing === null ? "" : ` (${missing})`}`, () => {
  let giveUpTurn: () => Promise<void>;
  let folder: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    giveUpTurn = await takeTurn();
    folder = mkdtempSync(join(tmpdir(), "windlass-network-"));
    // Docker is not there: podman answers to its name.
    symlinkSync(findProgram("podman") ?? "podman", join(folder, "docker"));
    environment = { PATH: `${folder}${delimiter}${process.env["PATH"]}`, ...(await podmanEnvironment(folder)) };
  }, 600_000);

  afterAll(async () => {
    // Lets go of the storage, which is mounted.
    execFileSync("podman", ["rmi", "--all", "--force"], { env: environment, stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
    await giveUpTurn();
  });

  const ip = (...args: readonly string[]) => execFileSync("ip", args, { encoding: "utf8" });

  it("is one namespace for all of podman's, which is taken as it is while it is complete", async () => {
    const podman = createContainerCli("podman", environment);

    const network = await ensureContainerNetwork(podman);
    const made = ip("-n", "windlass", "link", "show", "eth0");

    expect(network).toBe("ns:/run/netns/windlass");
    expect(await ensureContainerNetwork(podman)).toBe(network);
    expect(ip("-n", "windlass", "link", "show", "eth0")).toBe(made);
    expect(ip("-n", "windlass", "route", "show", "default")).toContain("via 169.254.172.1");
  });

  it("is made anew where whoever made it did not come to the end", async () => {
    const podman = createContainerCli("podman", environment);
    await ensureContainerNetwork(podman);
    ip("-n", "windlass", "route", "delete", "default");

    await ensureContainerNetwork(podman);

    expect(ip("-n", "windlass", "route", "show", "default")).toContain("via 169.254.172.1");
  });

  it("has each of its rules once, however often it is made", async () => {
    const podman = createContainerCli("podman", environment);
    await ensureContainerNetwork(podman);
    await ensureContainerNetwork(podman);

    const rules = ["raw", "nat", "filter"].flatMap((table) =>
      execFileSync("iptables", ["-w", "10", "-t", table, "-S"], { encoding: "utf8" }).split("\n"),
    );
    const own = rules.filter(
      (rule) => rule.includes("169.254.172.0/24") && /^-A (?:PREROUTING|POSTROUTING|FORWARD) /.test(rule),
    );
    expect(own).toHaveLength(new Set(own).size);
    expect(own).toContain("-A PREROUTING -s 169.254.172.0/24 -d 169.254.169.254/32 -j DROP");
    expect(own).toContain("-A POSTROUTING -s 169.254.172.0/24 ! -d 169.254.172.0/24 -j MASQUERADE");
  });

  it("is a bridge of Docker's own, which has to have the addresses that the rule knows", async () => {
    const docker = createContainerCli("docker", environment);
    // An instance has one engine.
    execFileSync("sh", ["-c", "ip link delete windlass0; ip netns delete windlass; true"], { stdio: "ignore" });

    expect(await ensureContainerNetwork(docker)).toBe("windlass");
    expect(await ensureContainerNetwork(docker)).toBe("windlass");
    execFileSync("podman", ["network", "rm", "windlass"], { env: environment });
    execFileSync("podman", ["network", "create", "--subnet", "10.89.77.0/24", "windlass"], { env: environment });

    await expect(ensureContainerNetwork(docker)).rejects.toMatchObject({
      code: "network-setup-failed",
      expected: "169.254.172.0/24",
    });
  });
});
