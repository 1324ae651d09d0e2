import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Job } from "./job.ts";
import { openPool, type Pool } from "./pool.ts";

const job = (seed: number): Job => ({ seed, size: "short", scenario: null, whole: false, twice: false });

let pool: Pool | null = null;
afterEach(() => pool?.end());

function openWith(worker: string): Pool {
  const file = join(mkdtempSync(join(tmpdir(), "windlass-pool-")), "worker.mjs");
  writeFileSync(file, worker);
  pool = openPool(file, 1);
  return pool;
}

it("names the seed whose worker could not run it, and runs the next one", async () => {
  const workers = openWith(`process.on("message", ({ seed }) =>
    process.send(seed === 7 ? { kind: "broken", why: "no such zone" } : { kind: "answer", answer: { ms: seed } }));`);

  await expect(workers.run(job(7))).rejects.toThrow("seed 7 (short) could not be run: no such zone");
  await expect(workers.run(job(8))).resolves.toEqual({ ms: 8 });
});

it("names the seed whose worker ended, and runs the next one in another", async () => {
  const workers = openWith(`process.on("message", ({ seed }) => {
    if (seed === 7) throw new Error("out of everything");
    process.send({ kind: "answer", answer: { ms: seed } });
  });`);
  const [lost, next] = await Promise.allSettled([workers.run(job(7)), workers.run(job(8))]);

  expect(lost).toMatchObject({ reason: { message: expect.stringContaining("seed 7 (short): its worker ended with") } });
  expect(next).toMatchObject({ value: { ms: 8 } });
});
