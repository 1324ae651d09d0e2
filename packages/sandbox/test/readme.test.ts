import { readFileSync } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { createSandbox, type Sandbox, virtualClock } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("does what the README shows", async () => {
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const body = example.replace(/^import .*\n/gm, "");
  const names = { PutObjectCommand, S3Client, createSandbox, virtualClock };
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: readonly string[]
  ) => (...values: readonly unknown[]) => Promise<Sandbox>;

  const sandbox = await new AsyncFunction(...Object.keys(names), `${body}; return sandbox;`)(...Object.values(names));

  expect(sandbox.calls.count()).toEqual({ "s3:PutObject": 1 });
  expect(sandbox.account("222222222222").s3.read("state", "ledger.json")?.text).toBe("{}");
  expect(new Date(sandbox.clock.now()).toISOString()).toBe("2026-11-24T09:01:00.000Z");
});
