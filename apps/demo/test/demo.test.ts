import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { containersConf, missingContainers, takeTurn } from "@windlass/containers";
import { describe, expect, it, onTestFinished } from "vitest";
import { notGranted } from "../../deploy-lambda/test/support/expect-granted.ts";
import type { DemoSummary } from "../src/summary.ts";
import { findTerraform } from "../src/terraform-binary.ts";
import { folderWithoutTerraform, runProgram } from "./run-program.ts";

const searchPath = process.env["PATH"] ?? "";
const hasTerraform = findTerraform(searchPath).kind === "real";

describe("the demo", () => {
  it.skipIf(!hasTerraform)(
    "plays its story with real Terraform (skipped where there is no terraform or tofu on the PATH)",
    async () => {
      const ended = await runProgram("demo", ["--json"]);

      expectStory(ended.stdout, "real");
      expect(ended.code).toBe(0);
    },
  );

  it("plays its story with the stand-in where there is no Terraform, and says so", async () => {
    const folder = folderWithoutTerraform();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const ended = await runProgram("demo", [], { path: folder });

    expect(ended.stderr.replaceAll(/\(node:\d+\) Warning[\s\S]*/g, "")).toBe("");
    expect(ended.stdout).toContain("a stand-in, since there is no terraform or tofu on the PATH");
    expect(ended.stdout).toMatch(/production: dga-site waiting: dga-network first/);
    expect(ended.stdout).toMatch(/production: dga-network waiting: window opens 2026-11-24T09:00\+11:00/);
    expect(ended.stdout).toMatch(/staging: dga-site \w+ ended lost/);
    expect(ended.stdout).toMatch(/GitHub AusDTO\/dga-site: .*check "Deploy to Scratch" failure/);
    expect(ended.stdout).toMatch(/issue #1 "Deploy to Scratch Failed" opened/);
    expect(ended.stdout).toMatch(/issue #1 "Deploy to Scratch Failed" closed/);
    expect(ended.stdout).toMatch(/deployment in Production success/);
    expect(ended.stdout).toMatch(/SNS error: Failed to deploy dga-site in Scratch #bad5eed/);
    expect(ended.stdout).toMatch(/SNS finished: Deployed dga-web in Production #cc83ec5/);
    expect(ended.stdout).not.toContain("\u001b");
    expect(ended.code).toBe(0);
  });

  it("plays its story in containers of podman, with images from the sandbox's registry", async (context) => {
    const missing = missingContainers();
    if (missing !== null) context.skip(missing);
    const folder = await mkdtemp(join(tmpdir(), "windlass-demo-test-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "containers.conf"), containersConf(join(folder, "networks")));
    onTestFinished(await takeTurn());

    const ended = await runProgram("demo", ["--json", "--engine", "podman"], {
      environment: { CONTAINERS_CONF: join(folder, "containers.conf") },
    });

    expectStory(ended.stdout, "real");
    expect((JSON.parse(ended.stdout) as DemoSummary).engine).toBe("podman");
    expect(ended.code).toBe(0);
  }, 900_000);

  it("says what is missing where it is to use containers and can not", async () => {
    const folder = folderWithoutTerraform();
    onTestFinished(() => rmSync(folder, { recursive: true }));

    const ended = await runProgram("demo", ["--engine", "podman"], { path: folder });

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^--engine podman: .*\(engine-unusable\)\. Hint: .*\n$/);
  });

  it("refuses an engine that it does not know", async () => {
    const ended = await runProgram("demo", ["--engine", "kubernetes"]);

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("expected directory, podman, docker, found kubernetes");
  });

  it("refuses an option that it does not know", async () => {
    const ended = await runProgram("demo", ["--jsno"]);

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("--jsno");
    expect(ended.stdout).toBe("");
  });
});

function expectStory(stdout: string, terraform: "real" | "stand-in"): void {
  const summary = JSON.parse(stdout) as DemoSummary;
  const outcomes = Object.fromEntries(
    Object.entries(summary.areas).map(([area, { images }]) => [
      area,
      Object.fromEntries(
        Object.entries(images).map(([image, { deployments }]) => [image, deployments.map(({ outcome }) => outcome)]),
      ),
    ]),
  );

  expect(summary.terraform).toBe(terraform);
  expect(notGranted(Object.keys(summary.awsCalls), ["windlass-lambda", "windlass-instance"])).toEqual([]);
  expect(outcomes).toEqual({
    scratch: {
      "dga-network": ["succeeded"],
      "dga-site": ["succeeded", "failed", "failed", "succeeded"],
      "dga-web": [],
    },
    staging: { "dga-network": ["succeeded"], "dga-site": ["succeeded", "lost", "succeeded"], "dga-web": [] },
    production: { "dga-network": ["succeeded"], "dga-site": ["succeeded"], "dga-web": ["succeeded"] },
  });
  for (const { images } of Object.values(summary.areas)) {
    for (const { head, live } of Object.values(images)) expect(live).toBe(head);
  }
  const { production } = summary.areas;
  const [network] = production?.images["dga-network"]?.deployments ?? [];
  const [site] = production?.images["dga-site"]?.deployments ?? [];
  expect(Date.parse(network?.launchedAt ?? "")).toBeGreaterThanOrEqual(Date.parse("2026-11-23T22:00:00Z"));
  expect(Date.parse(site?.launchedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(network?.endedAt ?? ""));
  expect(summary.awsCalls["ecr:BatchGetImage"]).toBeGreaterThanOrEqual(summary.ticks);
  expect(summary.awsCalls["autoscaling:SetDesiredCapacity"]).toBeGreaterThan(0);
  expectReports(summary);
}

function expectReports({ github, sns }: DemoSummary): void {
  const site = github["AusDTO/dga-site"];
  expect(site?.issues).toEqual([{ number: 1, title: "Deploy to Scratch Failed", state: "closed", comments: 2 }]);
  expect(site?.checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "Deploy to Scratch success",
    "Deploy to Staging success",
    "Deploy to Scratch failure",
    "Deploy to Scratch failure",
    "Deploy to Scratch success",
    "Deploy to Staging failure",
    "Deploy to Staging success",
    "Deploy to Production success",
  ]);
  expect(site?.deployments.map(({ environment, states }) => `${environment} ${states.at(-1)}`)).toEqual([
    "Scratch inactive",
    "Staging inactive",
    "Scratch failure",
    "Scratch failure",
    "Scratch success",
    "Staging error",
    "Staging success",
    "Production success",
  ]);
  expect(sns["scratch"]?.["error"]).toEqual([
    "Failed to deploy dga-site in Scratch #bad5eed",
    "Failed to deploy dga-site in Scratch #bad5eed",
  ]);
  expect(sns["production"]?.["finished"]).toEqual([
    "Deployed dga-network in Production #1f0c2aa",
    "Deployed dga-site in Production #c0ffee1",
    "Deployed dga-web in Production #cc83ec5",
  ]);
}
