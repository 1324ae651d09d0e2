import { readdir, readFile } from "node:fs/promises";
import type { Ledger } from "@windlass/deployment";
import { createSandbox } from "@windlass/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleEnvironment, bundleTitle, invokeBundle, isBuilt } from "./support/bundle.ts";
import { account, area, bucket, deployGroup, pipelineAccount, region } from "./support/names.ts";
import { addRepository } from "./support/test-area.ts";

describe.skipIf(!isBuilt)(bundleTitle, () => {
  const sandbox = createSandbox({ region });
  const own = sandbox.account(account);
  const credentials = sandbox.clientConfig({ account, role: "windlass-deploy", session: "lambda" }).credentials;
  let served: Awaited<ReturnType<typeof sandbox.listen>>;
  beforeAll(async () => {
    served = await sandbox.listen();
    own.s3.createBucket(bucket, { versioning: true });
    own.autoScaling(region).createGroup(deployGroup, { min: 0, max: 1 });
    addRepository(sandbox, "dga-network");
  });
  afterAll(() => served.close());

  it("runs a tick in a process of its own, over the network", async () => {
    const registry = sandbox.account(pipelineAccount).ecr(region);
    const labels = { "org.opencontainers.image.revision": "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c" };
    const digest = registry.pushImage({ repository: "dga-network", tags: [area], labels });

    const { summary, log } = await invokeBundle(bundleEnvironment(served.url, credentials));

    expect(summary).toMatchObject({ area, lost: false, launched: [{ image: "dga-network", digest }], notes: [] });
    expect(log).toMatchObject([{ level: "info", message: "tick done" }, { TickSucceeded: 1 }]);
    expect(own.autoScaling(region).group(deployGroup)).toMatchObject({ desired: 1 });
    expect(JSON.parse(own.s3.read(bucket, "ledger.json")?.text ?? "")).toMatchObject({
      images: { "dga-network": { head: { digest, commit: labels["org.opencontainers.image.revision"] } } },
    });
  });

  it("fails with one clear message where it is set up wrongly", async () => {
    const environment = bundleEnvironment(served.url, credentials);

    const { summary, errorMessage } = await invokeBundle({ ...environment, WINDLASS_DEPLOY_GROUP: "" });

    expect(summary).toBeUndefined();
    expect(errorMessage).toMatch(/WINDLASS_DEPLOY_GROUP is missing: expected the name of an Auto Scaling group/);
  });

  it("has no YAML parser in it: its mapping is JSON", async () => {
    const folder = new URL("../dist/", import.meta.url);
    const files = (await readdir(folder)).filter((name) => name.endsWith(".mjs"));
    const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")));

    expect(files).toContain("handler.mjs");
    expect(texts.filter((text) => text.includes("YAMLParseError"))).toEqual([]);
  });

  it("confirms with EC2, whose client it loads only then, that an instance is gone", async () => {
    const { deployments } = JSON.parse(own.s3.read(bucket, "ledger.json")?.text ?? "") as Ledger;
    const [{ id, epoch } = { id: "", epoch: 0 }] = Object.values(deployments);
    const at = new Date().toISOString();
    const claim = {
      schema: 1,
      deployment: id,
      epoch,
      holder: "runner",
      instance: "i-00000000000000000",
      nonce: "n",
      at,
    };
    own.s3.write(bucket, `runs/${id}/claim.json`, JSON.stringify(claim));

    await invokeBundle(bundleEnvironment(served.url, credentials));
    sandbox.calls.clear();
    const { summary } = await invokeBundle(bundleEnvironment(served.url, credentials));

    expect(summary).toMatchObject({ lost: false });
    expect(sandbox.calls.count()).toMatchObject({ "ec2:DescribeInstances": 1 });
  });
});
