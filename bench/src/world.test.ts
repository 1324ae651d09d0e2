import { describe, expect, it } from "vitest";
import { lookSequentially, recordKey } from "./sequential.ts";
import { account, bucket, createSteadyWorld, imageNames, region, registryAccount, releaseAll } from "./world.ts";

const size = { images: 3, tags: 120 };

describe("the sequential way", () => {
  it("reads all tags of each image page by page, and finds what has changed", async () => {
    const sandbox = createSteadyWorld(size);
    const names = imageNames(size.images);
    const registry = sandbox.account(registryAccount).ecr(region);
    for (const name of names) {
      sandbox.account(account).s3.write(bucket, recordKey(name), registry.digestOf(name, "scratch") ?? "");
    }
    const clients = sandbox.clientConfig({ account });

    const before = await lookSequentially(names, clients);
    const calls = sandbox.calls.count();
    releaseAll(sandbox, size);
    const after = await lookSequentially(names, clients);

    expect(before).toBe(0);
    expect(calls).toEqual({ "ecr:ListImages": 6, "s3:GetObject": 3 });
    expect(after).toBe(3);
  });
});
