import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Fault } from "@windlass/sandbox";
import { beforeEach, describe, expect, it } from "vitest";
import { type Commit, createLedgerStore, type LedgerStore } from "../src/index.ts";
import { logKey } from "../src/keys.ts";
import { aClaim, aDeployment, aLease, aLedger, aResult, otherRun, run, scope } from "./records.ts";
import { account, openSandbox } from "./worlds.ts";

type Open = ReturnType<typeof openSandbox>;

let open: Open;
let waits: number[];
let store: LedgerStore;
beforeEach(() => {
  open = openSandbox();
  waits = [];
  store = storeOf(open);
});

/** A store that notes how long it would have waited, and waits no time. */
function storeOf(world: Open): LedgerStore {
  const { client, bucket } = world;
  return createLedgerStore({ client, bucket, random: () => 1, delay: async (ms) => void waits.push(ms) });
}

/** What befalls the next PutObject, or so many of them. */
function afflictPuts(fault: Pick<Fault, "kind"> & Partial<Fault>): void {
  open.sandbox.faults.add({ service: "s3", action: "PutObject", times: 1, ...fault });
}

const conflict = { kind: "error-before", code: "ConditionalRequestConflict", status: 409 } as const;
const lostReply = { kind: "error-after" } as const;
const lostRequest = { kind: "error-before", code: "ECONNRESET" } as const;

async function created(epoch = 1): Promise<string> {
  const commit = await store.createLedger(aLedger({ epoch }));
  if (commit.kind !== "committed") throw new Error("not created");
  open.takeCalls();
  return commit.etag;
}

async function epochOf(): Promise<number> {
  const reading = await store.readLedger(scope);
  if (reading.kind !== "ledger") throw new Error("no ledger");
  return reading.ledger.epoch;
}

describe("conflicting writes (409)", () => {
  it("are tried again, a little later each time, until the condition gives its verdict", async () => {
    const etag = await created();
    afflictPuts({ ...conflict, times: 3 });

    const commit = await store.commitLedger(aLedger({ epoch: 2 }), etag);

    expect(commit.kind).toBe("committed");
    expect(await epochOf()).toBe(2);
    expect(waits).toEqual([50, 100, 200]);
  });

  it("end lost where the other write was the one that counted", async () => {
    const etag = await created();
    await store.commitLedger(aLedger({ epoch: 2 }), etag);
    afflictPuts(conflict);

    expect(await store.commitLedger(aLedger({ epoch: 3 }), etag)).toEqual({ kind: "lost" });
    expect(await epochOf()).toBe(2);
  });

  it("are given up in the end, as something to try again later", async () => {
    const etag = await created();
    afflictPuts({ ...conflict, times: 100 });

    await expect(store.commitLedger(aLedger({ epoch: 2 }), etag)).rejects.toMatchObject({
      code: "conflict",
      retryable: true,
      where: `s3://${open.bucket}/ledger.json`,
    });
    expect(open.takeCalls()).toEqual(Array(6).fill("PutObject"));
    expect(waits).toEqual([50, 100, 200, 400, 800]);
    expect(await epochOf()).toBe(1);
  });

  it("are no reason to wait after the caller has ended the call", async () => {
    const { client, bucket } = open;
    const controller = new AbortController();
    const patient = createLedgerStore({ client, bucket, random: () => 1 });
    function endCall(): boolean {
      controller.abort();
      return true;
    }
    afflictPuts({ ...conflict, match: endCall });

    await expect(patient.claim(aClaim(), controller.signal)).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("a reply that is lost after the effect", () => {
  it("leaves a claim with its holder", async () => {
    afflictPuts(lostReply);

    expect(await store.claim(aClaim())).toEqual({ kind: "held" });
    expect(open.takeCalls()).toEqual(["PutObject", "GetObject"]);
    expect(await store.claim(aClaim({ nonce: "theirs" }))).toEqual({ kind: "taken", by: aClaim() });
  });

  it("leaves a commit committed, with an ETag to go on with", async () => {
    const etag = await created();
    afflictPuts(lostReply);

    const commit = await store.commitLedger(aLedger({ epoch: 2 }), etag);

    expect(commit.kind).toBe("committed");
    expect(open.takeCalls()).toEqual(["PutObject", "GetObject"]);
    const next = await store.commitLedger(aLedger({ epoch: 3 }), (commit as { etag: string }).etag);
    expect(next.kind).toBe("committed");
  });

  it("leaves a first ledger created, a result written and a record in the history", async () => {
    afflictPuts({ ...lostReply, times: 3 });

    expect((await store.createLedger(aLedger())).kind).toBe("committed");
    expect(await store.putResult(aResult())).toBe("written");
    expect(await store.appendHistory(aDeployment())).toBe("written");
  });

  it("may also be an error of the service", async () => {
    afflictPuts({ kind: "error-after", code: "InternalError", status: 500 });

    expect(await store.claim(aClaim())).toEqual({ kind: "held" });
  });

  it("is not lost either when the SDK tried again by itself and was refused", async () => {
    open = openSandbox({ maxAttempts: 2 });
    store = storeOf(open);
    const etag = await created();
    afflictPuts({ kind: "error-after", code: "InternalError", status: 500 });

    const commit = await store.commitLedger(aLedger({ epoch: 2 }), etag);

    expect(open.sandbox.calls.entries.map((call) => call.outcome).slice(-3)).toEqual([
      "InternalError",
      "PreconditionFailed",
      "ok",
    ]);
    expect(commit.kind).toBe("committed");
  });

  it("is found even when the first look fails, too", async () => {
    afflictPuts(lostReply);
    open.sandbox.faults.add({ kind: "throttle", service: "s3", action: "GetObject", times: 1 });

    expect(await store.putResult(aResult())).toBe("written");
    expect(open.takeCalls()).toEqual(["PutObject", "GetObject", "PutObject", "GetObject"]);
  });
});

describe("a lease whose reply is lost", () => {
  it("is not written again by itself, and can be found", async () => {
    afflictPuts(lostReply);

    await expect(store.renewLease(aLease(), null)).rejects.toMatchObject({ code: "unavailable", retryable: true });

    expect(open.takeCalls()).toEqual(["PutObject"]);
    expect(await store.readLease(run)).toMatchObject({ kind: "present", lease: aLease() });
  });
});

describe("a request that never arrives", () => {
  it("is sent again, under the same condition", async () => {
    const etag = await created();
    afflictPuts(lostRequest);

    expect((await store.commitLedger(aLedger({ epoch: 2 }), etag)).kind).toBe("committed");
    expect(open.takeCalls()).toEqual(["PutObject", "GetObject", "PutObject"]);
    expect(waits).toEqual([50]);
  });

  it("is not mistaken for the same ledger of another tick", async () => {
    const etag = await created();
    const other = new PutObjectCommand({
      Bucket: open.bucket,
      Key: "ledger.json",
      Body: textOf(aLedger({ epoch: 2 })),
    });
    const rival = open.client;
    afflictPuts({ ...lostRequest, match: () => true });
    const commit = createLedgerStore({
      client: open.client,
      bucket: open.bucket,
      delay: async () => void (await rival.send(other)),
    }).commitLedger(aLedger({ epoch: 2 }), etag);

    expect(await commit).toEqual({ kind: "lost" });
  });

  it("is not sent again where another write came first", async () => {
    const etag = await created();
    await store.commitLedger(aLedger({ epoch: 2 }), etag);
    await store.claim(aClaim());
    open.takeCalls();
    afflictPuts({ ...lostRequest, times: 2 });

    expect(await store.commitLedger(aLedger({ epoch: 3 }), etag)).toEqual({ kind: "lost" });
    expect(await store.claim(aClaim({ nonce: "theirs" }))).toEqual({ kind: "taken", by: aClaim() });
    expect(open.takeCalls()).toEqual(["PutObject", "GetObject", "PutObject", "GetObject"]);
  });

  it("is unclear in the end, and nothing was overwritten", async () => {
    const etag = await created();
    afflictPuts({ ...lostRequest, times: 100 });

    await expect(store.commitLedger(aLedger({ epoch: 2 }), etag)).rejects.toMatchObject({
      code: "write-unclear",
      retryable: true,
    });
    open.sandbox.faults.clear();
    expect(await epochOf()).toBe(1);
  });

  it("stays unclear when conflicts come after it", async () => {
    afflictPuts(lostRequest);
    afflictPuts({ ...conflict, times: 100 });

    await expect(store.claim(aClaim())).rejects.toMatchObject({ code: "write-unclear" });
  });
});

describe("two at once", () => {
  it("claim a run under lost replies and conflicts, and one holds it", async () => {
    afflictPuts({ ...lostReply, times: 2 });
    afflictPuts({ ...conflict, times: 2 });

    const outcomes = await Promise.all([
      store.claim(aClaim({ nonce: "one" })),
      storeOf(open).claim(aClaim({ nonce: "two" })),
    ]);

    const kinds = outcomes.map((outcome) => outcome.kind).sort();
    expect(kinds).toEqual(["held", "taken"]);
    const holder = outcomes[0].kind === "held" ? "one" : "two";
    expect(outcomes).toContainEqual({ kind: "taken", by: aClaim({ nonce: holder }) });
  });

  it("commit the ledger under lost replies, and one has committed", async () => {
    const etag = await created();
    afflictPuts({ ...lostReply, times: 2 });

    const commits: Commit[] = await Promise.all([
      store.commitLedger(aLedger({ epoch: 2 }), etag),
      storeOf(open).commitLedger(aLedger({ epoch: 2 }), etag),
    ]);

    expect(commits.map((commit) => commit.kind).sort()).toEqual(["committed", "lost"]);
  });
});

describe("reads", () => {
  it("that fail are data for a run and for the controls", async () => {
    open.sandbox.faults.add({ kind: "throttle", service: "s3", match: isNotPut });

    expect(await store.readRun(run)).toMatchObject({ kind: "unreadable", code: "unavailable" });
    expect(await store.listControls()).toMatchObject({ kind: "unreadable", code: "unavailable" });
  });

  it("make a run unreadable when only one of its records can not be read", async () => {
    await store.claim(aClaim());
    const isLease = ({ input }: { input: Readonly<Record<string, unknown>> }) => String(input["Key"]).includes("lease");
    open.sandbox.faults.add({ kind: "error-before", service: "s3", code: "ECONNRESET", match: isLease });

    expect(await store.readRun(run)).toMatchObject({ kind: "unreadable", code: "unavailable" });
  });

  it("that fail stop the tick for the ledger, to be tried again", async () => {
    await created();
    open.sandbox.faults.add({ kind: "throttle", service: "s3", match: isNotPut });

    await expect(store.readLedger(scope)).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });

  it("that are ended by the caller are no data", async () => {
    const ended = AbortSignal.abort();

    await expect(store.readRun(run, ended)).rejects.toMatchObject({ code: "aborted" });
    await expect(store.listControls(ended)).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("a caller that may not do all", () => {
  it("is told what it may not, and what else that may mean", async () => {
    open.sandbox.account(account).s3.deny({ bucket: open.bucket, actions: ["GetObject"] });

    const reading = store.readLedger(scope);

    await expect(reading).rejects.toMatchObject({
      code: "access-denied",
      where: `s3://${open.bucket}/ledger.json`,
      hint: expect.stringContaining("s3:ListBucket"),
      retryable: false,
    });
    expect(await store.readRun(run)).toMatchObject({ kind: "unreadable", code: "access-denied" });
  });

  it("is not told that it holds a claim that it could not write", async () => {
    open.sandbox.account(account).s3.deny({ bucket: open.bucket, actions: ["PutObject"] });

    await expect(store.claim(aClaim())).rejects.toMatchObject({ code: "access-denied" });
    expect(open.takeCalls()).toEqual(["PutObject"]);
  });
});

describe("a ledger that was deleted", () => {
  it("is not begun anew beside its history, and its versions are still there", async () => {
    await created();
    await store.appendHistory(aDeployment());
    const { s3 } = open.sandbox.account(account);

    s3.remove(open.bucket, "ledger.json");

    await expect(store.readLedger(scope)).rejects.toMatchObject({ code: "ledger-lost" });
    expect(s3.versions(open.bucket, "ledger.json").map((version) => version.isDeleteMarker)).toEqual([true, false]);
  });
});

describe("time", () => {
  it("ages a lease by the bucket's clock", async () => {
    await store.claim(aClaim());
    await open.clock.advance(300_000);
    await store.renewLease(aLease(), null);
    await open.clock.advance(21_000);

    expect(await store.readRun(run)).toMatchObject({ claim: { ageSeconds: 321 }, lease: { ageSeconds: 21 } });
  });

  it("ages a record that can not be read, too", async () => {
    await store.claim(aClaim());
    await open.put(`runs/${run}/lease.json`, "{}");
    await open.put(`runs/${run}/result.json`, JSON.stringify(aResult({ deployment: otherRun })));
    await open.clock.advance(301_000);

    expect(await store.readRun(run)).toMatchObject({
      lease: { kind: "invalid", ageSeconds: 301 },
      result: { kind: "invalid", ageSeconds: 301 },
    });
  });
});

describe("many objects", () => {
  it("are all read: a log of more than one page", async () => {
    const numbers = Array.from({ length: 1_100 }, (_, index) => index);
    const { s3 } = open.sandbox.account(account);
    for (const number of numbers)
      s3.write(open.bucket, logKey({ deployment: run, step: "apply", number }), `${number}\n`);
    open.takeCalls();

    const log = await store.readLog({ deployment: run, step: "apply" });

    expect(log).toBe(numbers.map((number) => `${number}\n`).join(""));
    expect(open.takeCalls().filter((call) => call === "ListObjectsV2")).toHaveLength(2);
  });

  it("are not read by halves: more than 1,000 controls", async () => {
    const { s3 } = open.sandbox.account(account);
    for (let number = 1_000; number < 2_000; number += 1) s3.write(open.bucket, `controls/${number}-x.json`, "{}");
    expect(await store.listControls()).toMatchObject({ kind: "controls", controls: { length: 1_000 } });
    await open.put("controls/one-more.json", "{}");

    expect(await store.listControls()).toMatchObject({ kind: "unreadable", code: "too-many" });
  });
});

function isNotPut({ action }: { action: string }): boolean {
  return action !== "PutObject";
}

function textOf(ledger: ReturnType<typeof aLedger>): string {
  return `${JSON.stringify(ledger, null, 2)}\n`;
}
