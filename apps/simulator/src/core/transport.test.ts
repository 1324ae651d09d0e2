import type { Sandbox } from "@windlass/sandbox";
import { describe, expect, it } from "vitest";
import type { Chaos } from "./chaos.ts";
import type { FaultName } from "./faults.ts";
import { createProcess, type SimProcess } from "./process.ts";
import { createRandom } from "./random.ts";
import { createScheduler } from "./scheduler.ts";
import { createTransport } from "./transport.ts";

const REQUEST = {
  hostname: "bucket.s3.ap-southeast-2.amazonaws.com",
  method: "PUT",
  path: "/ledger.json",
  headers: { "if-match": '"1"' },
};

/** One call of a function, or of a runner, that this fault strikes; or of a process that something else befell. */
async function callStruckBy(fault: FaultName | null, prepare: (process: SimProcess) => void = () => {}) {
  const scheduler = createScheduler(0);
  const story: string[] = [];
  const tell = (what: string) => void story.push(what);
  let reached = 0;
  const chaos = {
    draws: (name: FaultName) => name === fault,
    struck: (name: FaultName, what: string) => tell(`fault ${name}: ${what}`),
  } as Chaos;
  const sandbox = {
    requestHandler: {
      handle: async () => {
        reached += 1;
        return "an answer";
      },
    },
    faults: { add: () => () => {} },
    account: () => ({ s3: { conflictNext() {} } }),
  } as unknown as Sandbox;
  const process = createProcess("a runner", fault?.startsWith("lambda") ? "lambda" : "runner", tell);
  prepare(process);
  const hooks = { beforeCall() {}, afterCall() {} };
  const parts = { sandbox, scheduler, random: createRandom(3), chaos, account: "1", tell, ...hooks };
  let came = "nothing";
  const { handlerFor } = createTransport(parts);
  handlerFor(process)
    .handle(REQUEST as never)
    .then(
      () => {
        came = "an answer";
      },
      (error: unknown) => {
        came = String(error);
      },
    );
  while (await scheduler.step(3_600_000));
  return { story, came, reached };
}

describe("a call of the simulation", () => {
  it("tells that its reply was lost, though it was done", async () => {
    const { story, came, reached } = await callStruckBy("reply-lost");

    expect(story).toEqual(["fault reply-lost: a runner: done, and the reply is lost: s3 PUT /ledger.json"]);
    expect([came, reached]).toEqual(["Error: socket hang up", 1]);
  });

  it("tells that it comes late, when its sender has given it up", async () => {
    const { story, came, reached } = await callStruckBy("request-late");

    expect(story).toEqual([
      expect.stringMatching(/^fault request-late: a runner's s3 PUT \/ledger.json arrives after \d+ ms/),
    ]);
    expect([came, reached]).toEqual(["TimeoutError: the request was not answered in time", 1]);
  });

  it.each([
    ["call-slow", /^fault call-slow: a runner's s3 PUT \/ledger.json arrives after \d+ ms, is answered \d+ ms later$/],
    ["call-throttled", /^fault call-throttled: a runner: answered with throttle: s3 PUT/],
    ["call-fails", /^fault call-fails: a runner: answered with error-before/],
    ["s3-conflict", /^fault s3-conflict: a runner: answered with 409: s3 PUT/],
    ["lambda-dies-before", /^fault lambda-dies-before: a runner: its process ends before the effect of s3 PUT/],
    ["lambda-dies-after", /^fault lambda-dies-after: a runner: its process ends after the effect of s3 PUT/],
    ["runner-dies-at-call", /^fault runner-dies-at-call: a runner: its process ends \w+ the effect of s3 PUT/],
  ] as const)("tells what %s does to it", async (fault, line) => {
    expect((await callStruckBy(fault)).story[0]).toMatch(line);
  });

  it("tells that it is lost, and was not done, while its process is cut off", async () => {
    const { story, reached } = await callStruckBy(null, (process) => {
      process.cutOffUntil = 10;
    });

    expect(story).toEqual(["a runner is cut off: s3 PUT /ledger.json"]);
    expect(reached).toBe(0);
  });

  it("tells nothing where nothing strikes", async () => {
    expect(await callStruckBy(null)).toEqual({ story: [], came: "an answer", reached: 1 });
  });
});
