import { DeleteObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createLedgerStore, LedgerStoreError } from "../src/index.ts";
import {
  aCancel,
  aClaim,
  aControl,
  aDeployment,
  aLease,
  aLedger,
  anAssignment,
  aResult,
  at,
  idOf,
  otherRun,
  run,
  scope,
} from "./records.ts";
import { type OpenWorld, startWorlds } from "./worlds.ts";

const worlds = await startWorlds();

for (const world of worlds) {
  describe.skipIf(world.unavailable)(`the state bucket on ${world.title}`, () => {
    let open: OpenWorld;
    beforeEach(async () => {
      open = await world.open();
    });
    afterAll(() => world.stop());

    async function textOf(key: string): Promise<string | undefined> {
      const output = await open.client.send(new GetObjectCommand({ Bucket: open.bucket, Key: key }));
      return output.Body?.transformToString();
    }

    describe("the ledger", () => {
      it("is missing in a new bucket", async () => {
        expect(await open.store.readLedger(scope)).toEqual({ kind: "missing" });
        expect(open.takeCalls()).toEqual(["GetObject", "ListObjectsV2", "ListObjectsV2"]);
      });

      it("is missing beside controls alone: people may ask before the first tick", async () => {
        await open.store.putControl(aControl());

        expect(await open.store.readLedger(scope)).toEqual({ kind: "missing" });
      });

      it("is read as it was written, with one GetObject and nothing else", async () => {
        const ledger = aLedger({ epoch: 7, appliedControls: { ü: at } });
        const created = await open.store.createLedger(ledger);
        open.takeCalls();

        const reading = await open.store.readLedger(scope);

        expect(open.takeCalls()).toEqual(["GetObject"]);
        const etag = created.kind === "committed" && created.etag;
        expect(reading).toEqual({ kind: "ledger", ledger, etag, answeredAt: expect.any(Date) });
      });

      it("is created once", async () => {
        await open.store.createLedger(aLedger({ epoch: 1 }));

        const second = await open.store.createLedger(aLedger({ epoch: 2 }));

        expect(second).toEqual({ kind: "lost" });
        expect(await open.store.readLedger(scope)).toMatchObject({ ledger: { epoch: 1 } });
      });

      it("is committed over the ETag it was read with, with one PutObject", async () => {
        const first = await etagOf(open.store.createLedger(aLedger({ epoch: 1 })));
        open.takeCalls();

        const commit = await open.store.commitLedger(aLedger({ epoch: 2 }), first);

        expect(open.takeCalls()).toEqual(["PutObject"]);
        expect(commit).toEqual({ kind: "committed", etag: expect.any(String) });
        expect(await open.store.readLedger(scope)).toMatchObject({ ledger: { epoch: 2 } });
      });

      it("is not committed over a change", async () => {
        const first = await etagOf(open.store.createLedger(aLedger({ epoch: 1 })));
        await open.store.commitLedger(aLedger({ epoch: 2 }), first);

        const late = await open.store.commitLedger(aLedger({ epoch: 3 }), first);

        expect(late).toEqual({ kind: "lost" });
        expect(await open.store.readLedger(scope)).toMatchObject({ ledger: { epoch: 2 } });
      });

      it("is not committed where it was deleted meanwhile", async () => {
        const first = await etagOf(open.store.createLedger(aLedger()));
        await open.client.send(new DeleteObjectCommand({ Bucket: open.bucket, Key: "ledger.json" }));

        expect(await open.store.commitLedger(aLedger({ epoch: 2 }), first)).toEqual({ kind: "lost" });
      });

      it("is committed by one of several ticks that decided the very same", async () => {
        const first = await etagOf(open.store.createLedger(aLedger()));

        const commits = await Promise.all([1, 2, 3].map(() => open.store.commitLedger(aLedger({ epoch: 2 }), first)));

        expect(commits.map((commit) => commit.kind).sort()).toEqual(["committed", "lost", "lost"]);
      });

      it("is not begun anew beside a history", async () => {
        await open.store.appendHistory(aDeployment());
        open.takeCalls();

        const failure = await failureOf(open.store.readLedger(scope));

        expect(failure).toMatchObject({
          code: "ledger-lost",
          hint: expect.stringContaining("versions of ledger.json"),
        });
        expect(open.takeCalls()).toEqual(["GetObject", "ListObjectsV2", "GetObject"]);
      });

      it("is not begun anew beside a run that has no history yet", async () => {
        await open.store.putAssignment(anAssignment());
        open.takeCalls();

        expect(await failureOf(open.store.readLedger(scope))).toMatchObject({
          code: "ledger-lost",
          found: "objects under runs/",
        });
        expect(open.takeCalls()).toEqual(["GetObject", "ListObjectsV2", "ListObjectsV2", "GetObject"]);
      });

      it.each([
        ["is not JSON", "{", "ledger-unreadable"],
        ["is empty", "", "ledger-unreadable"],
        ["is of a newer version", JSON.stringify({ ...aLedger(), schema: 2 }), "ledger-newer"],
        ["has unknown keys", JSON.stringify({ ...aLedger(), more: 1 }), "ledger-invalid"],
        ["is of another area", JSON.stringify({ ...aLedger(), area: "production" }), "ledger-foreign"],
      ])("is refused when it %s", async (_, text, code) => {
        await open.put("ledger.json", text);

        await expect(open.store.readLedger(scope)).rejects.toMatchObject({ name: "DeploymentError", code });
      });
    });

    describe("a run", () => {
      it("has no records at first", async () => {
        const absent = { kind: "absent" };

        expect(await open.store.readRun(run)).toEqual({ kind: "run", claim: absent, lease: absent, result: absent });
        expect(await open.store.readAssignment(run)).toEqual(absent);
        expect(await open.store.readCancel(run)).toEqual(absent);
      });

      it("shows its records with their age by S3's clock", async () => {
        await open.store.claim(aClaim());
        const first = await open.store.renewLease(aLease({ phase: "planning" }), null);
        await open.store.renewLease(aLease({ phase: "applying" }), first.kind === "renewed" ? first.etag : null);
        await open.store.putResult(aResult());

        const reading = await open.store.readRun(run);

        const ageSeconds = expect.toSatisfy((age: number) => age >= 0 && age < 60);
        expect(reading).toEqual({
          kind: "run",
          claim: { kind: "present", value: aClaim(), ageSeconds },
          lease: { kind: "present", value: aLease({ phase: "applying" }), ageSeconds },
          result: { kind: "present", value: aResult(), ageSeconds },
        });
      });

      it("is claimed once, and keeps its holder", async () => {
        expect(await open.store.claim(aClaim({ nonce: "mine" }))).toEqual({ kind: "held" });
        expect(await open.store.claim(aClaim({ nonce: "mine" }))).toEqual({ kind: "held" });

        const other = await open.store.claim(aClaim({ nonce: "theirs", instance: "i-2" }));

        expect(other).toEqual({ kind: "taken", by: aClaim({ nonce: "mine" }) });
      });

      it("is claimed by one of many at once", async () => {
        const nonces = Array.from({ length: 8 }, (_, index) => `n-${index}`);

        const outcomes = await Promise.all(nonces.map((nonce) => open.store.claim(aClaim({ nonce }))));

        expect(outcomes.filter((outcome) => outcome.kind === "held")).toHaveLength(1);
        const { claim } = (await open.store.readRun(run)) as { claim: { value: { nonce: string } } };
        expect(outcomes[nonces.indexOf(claim.value.nonce)]).toEqual({ kind: "held" });
      });

      it("stays taken by a claim that can not be read", async () => {
        await open.put(`runs/${run}/claim.json`, "{}");

        expect(await open.store.claim(aClaim())).toEqual({ kind: "taken", by: null });
        expect(await textOf(`runs/${run}/claim.json`)).toBe("{}");
      });

      it("has a lease that is renewed over the one before, with one PutObject each", async () => {
        const first = await open.store.renewLease(aLease({ progress: "1" }), null);
        const second = await open.store.renewLease(aLease({ progress: "2" }), etagIn(first));

        expect(open.takeCalls()).toEqual(["PutObject", "PutObject"]);
        expect(await open.store.readLease(run)).toEqual({
          kind: "present",
          lease: aLease({ progress: "2" }),
          etag: etagIn(second),
        });
      });

      it("keeps a newer lease when an older write comes late", async () => {
        const first = await open.store.renewLease(aLease({ phase: "planning" }), null);
        await open.store.renewLease(aLease({ phase: "applying" }), etagIn(first));

        const late = await open.store.renewLease(aLease({ phase: "planning", progress: "late" }), etagIn(first));
        const lateFirst = await open.store.renewLease(aLease({ phase: "claimed" }), null);

        expect([late, lateFirst]).toEqual([{ kind: "changed" }, { kind: "changed" }]);
        expect(await open.store.readLease(run)).toMatchObject({ lease: { phase: "applying" } });
      });

      it("has no lease any more, or none that can be read, where that is so", async () => {
        const first = await open.store.renewLease(aLease(), null);
        await open.client.send(new DeleteObjectCommand({ Bucket: open.bucket, Key: `runs/${run}/lease.json` }));

        expect(await open.store.renewLease(aLease({ progress: "2" }), etagIn(first))).toEqual({ kind: "changed" });
        expect(await open.store.readLease(run)).toEqual({ kind: "absent" });
        await open.put(`runs/${run}/lease.json`, JSON.stringify(aLease({ deployment: otherRun })));
        expect(await open.store.readLease(run)).toEqual({
          kind: "invalid",
          problem: expect.stringContaining(otherRun),
        });
      });

      it("keeps its first result, and knows its own", async () => {
        expect(await open.store.putResult(aResult())).toBe("written");
        expect(await open.store.putResult(aResult())).toBe("written");

        expect(await open.store.putResult(aResult({ nonce: "theirs", outcome: "failed" }))).toBe("exists");
        expect(await open.store.readRun(run)).toMatchObject({ result: { value: { outcome: "succeeded" } } });
      });

      it("keeps its first assignment", async () => {
        expect(await open.store.putAssignment(anAssignment())).toBe("written");
        expect(await open.store.putAssignment(anAssignment({ timeoutSeconds: 1 }))).toBe("exists");

        expect(await open.store.readAssignment(run)).toMatchObject({ kind: "present", value: anAssignment() });
      });

      it("can be asked to stop more than once", async () => {
        await open.store.putCancel(aCancel({ reason: "first" }));
        await open.store.putCancel(aCancel({ reason: "second" }));

        expect(await open.store.readCancel(run)).toMatchObject({ kind: "present", value: { reason: "second" } });
      });

      it.each([
        ["is not JSON", "<xml/>", "expected JSON, found 6 characters that do not parse"],
        ["is empty", "", "expected JSON, found an empty object"],
        [
          "is of a newer version",
          JSON.stringify({ ...aResult(), schema: 2 }),
          "written by a newer Windlass: expected schema 1, found schema 2",
        ],
        [
          "is of another run",
          JSON.stringify(aResult({ deployment: otherRun })),
          `expected a record of deployment ${run}, found one of ${otherRun}`,
        ],
        ["lacks a field", JSON.stringify({ ...aResult(), exitCode: undefined }), expect.stringContaining("exitCode: ")],
      ])("has an invalid result when that %s", async (_, text, problem) => {
        await open.put(`runs/${run}/result.json`, text);

        expect(await open.store.readRun(run)).toMatchObject({ result: { kind: "invalid", problem } });
      });

      it("keeps files beside its records", async () => {
        await open.store.putRunFile({ deployment: run, name: "plan.json", content: "{}" });
        await open.store.putRunFile({ deployment: run, name: "errored.tfstate", content: new Uint8Array([123, 125]) });

        expect(await textOf(`runs/${run}/plan.json`)).toBe("{}");
        expect(await textOf(`runs/${run}/errored.tfstate`)).toBe("{}");
      });
    });

    describe("controls", () => {
      it("are known to be none after one ListObjectsV2", async () => {
        expect(await open.store.listControls()).toEqual({ kind: "controls", controls: [] });
        expect(open.takeCalls()).toEqual(["ListObjectsV2"]);
      });

      it("are listed in the order in which people asked", async () => {
        const late = await open.store.putControl(aControl({ id: "a", at: "2026-11-24T10:00:00.000Z" }));
        const early = await open.store.putControl(aControl({ id: "z", at: "2026-11-24T09:59:59.999Z" }));

        const reading = await open.store.listControls();

        expect(early.key).toBe("controls/20261124t095959999z-z.json");
        expect(reading).toMatchObject({
          kind: "controls",
          controls: [
            { key: early.key, control: { kind: "control", value: { id: "z" } } },
            { key: late.key, control: { kind: "control", value: { id: "a" } } },
          ],
        });
      });

      it("are listed as invalid when they do not parse", async () => {
        await open.put("controls/", "");
        await open.put("controls/1-x.json", "hold it");
        await open.put("controls/2-y.json", JSON.stringify({ ...aControl(), kind: "explode" }));
        await open.put("controls/3-z.json", JSON.stringify({ ...aControl(), schema: 9 }));

        const reading = await open.store.listControls();

        const problem = (text: string) => ({ kind: "invalid", problem: expect.stringContaining(text) });
        expect(reading).toEqual({
          kind: "controls",
          controls: [
            { key: "controls/1-x.json", control: problem("expected JSON") },
            { key: "controls/2-y.json", control: problem("kind: ") },
            { key: "controls/3-z.json", control: problem("written by a newer Windlass") },
          ],
        });
      });

      it("are written once, and again without harm", async () => {
        const first = await open.store.putControl(aControl());

        expect(await open.store.putControl(aControl())).toEqual(first);
        await expect(open.store.putControl(aControl({ reason: "another" }))).rejects.toMatchObject({
          code: "already-exists",
        });
      });

      it("are deleted, and again without harm", async () => {
        const { key } = await open.store.putControl(aControl());

        await open.store.deleteControl(key);
        await open.store.deleteControl(key);

        expect(await open.store.listControls()).toEqual({ kind: "controls", controls: [] });
      });

      it("are all that is deleted", async () => {
        await open.store.createLedger(aLedger());

        await expect(open.store.deleteControl("ledger.json")).rejects.toMatchObject({ code: "argument-invalid" });
        expect(await open.store.readLedger(scope)).toMatchObject({ kind: "ledger" });
      });
    });

    describe("the history", () => {
      it("keeps what was appended first", async () => {
        expect(await open.store.appendHistory(aDeployment())).toBe("written");
        expect(await open.store.appendHistory(aDeployment(run, { state: "failed" }))).toBe("exists");

        expect(await open.store.listHistory()).toEqual([aDeployment()]);
        expect(await textOf(`history/2026/11/${run}.json`)).toContain('"state": "succeeded"');
      });

      it("finds one deployment by its id, and says where there is none", async () => {
        await open.store.appendHistory(aDeployment());

        expect(await open.store.readHistory(run)).toEqual(aDeployment());
        expect(await open.store.readHistory(idOf("20261124t090000z-77"))).toBeNull();
      });

      it("lists deployments as they were decided, all or those of a month", async () => {
        const ids = ["20261124t090000z-10", "20261124t090000z-9", "20261201t000000z-11", "20261031t235959z-8"].map(
          idOf,
        );
        for (const id of ids) await open.store.appendHistory(aDeployment(id));

        const all = await open.store.listHistory();
        const november = await open.store.listHistory({ month: "2026/11" });

        expect(all.map((deployment) => deployment.epoch)).toEqual([8, 9, 10, 11]);
        expect(november.map((deployment) => deployment.epoch)).toEqual([9, 10]);
        open.takeCalls();
        expect(await open.store.listHistoryIds({ month: "2026/11" })).toEqual([ids[1], ids[0]]);
        expect(open.takeCalls()).toEqual(["ListObjectsV2"]);
      });

      it.each([
        ["not JSON", "{"],
        ["without an id", "{}"],
        ["no deployment", JSON.stringify({ id: run })],
        ["another deployment's", JSON.stringify({ schema: 1, deployment: aDeployment(otherRun) })],
      ])("does not leave out a record that is %s", async (_, text) => {
        await open.put(`history/2026/11/${run}.json`, text);

        const failure = await failureOf(open.store.listHistory());

        expect(failure).toMatchObject({
          code: "record-invalid",
          where: `s3://${open.bucket}/history/2026/11/${run}.json`,
        });
      });
    });

    describe("logs", () => {
      it("are read in the order in which they were printed", async () => {
        for (const number of [10, 2, 1, 9, 100]) {
          await open.store.putLogSegment({ deployment: run, step: "apply", number, text: `${number} ö\n` });
        }
        await open.store.putLogSegment({ deployment: run, step: "plan", number: 3, text: "plan\n" });
        await open.store.putLogSegment({ deployment: otherRun, step: "apply", number: 4, text: "other\n" });

        expect(await open.store.readLog({ deployment: run, step: "apply" })).toBe("1 ö\n2 ö\n9 ö\n10 ö\n100 ö\n");
        expect(await open.store.readLog({ deployment: run, step: "init" })).toBe("");
      });

      it("are listed with the result beside them, in the order of the steps, and read one by one", async () => {
        for (const step of ["apply", "plan", "init"] as const) {
          for (const number of [10, 9]) await open.store.putLogSegment({ deployment: run, step, number, text: step });
        }
        await open.put(`runs/${run}/apply/notes.txt`, "not a segment");
        const before = await open.store.listRun(run);
        await open.store.putResult(aResult());

        const after = await open.store.listRun(run);

        expect(before.hasResult).toBe(false);
        expect(after.hasResult).toBe(true);
        expect(after.segments.map(({ step, number }) => `${step} ${number}`)).toEqual([
          ...["init 9", "init 10", "plan 9", "plan 10", "apply 9", "apply 10"],
        ]);
        expect(await open.store.readLogSegment({ deployment: run, step: "plan", number: 10 })).toBe("plan");
        expect(await open.store.readLogSegment({ deployment: run, step: "plan", number: 11 })).toBeNull();
      });

      it.each(["entrypoint", "unlock"] as const)("are kept of the step %s, too", async (step) => {
        await open.store.putLogSegment({ deployment: run, step, number: 0, text: "done\n" });

        expect(await open.store.readLog({ deployment: run, step })).toBe("done\n");
      });

      it("have no segment for what is nothing", async () => {
        await open.store.putLogSegment({ deployment: run, step: "apply", number: 1, text: "" });

        expect(open.takeCalls()).toEqual([]);
      });
    });

    it("says so when the bucket does not exist", async () => {
      const store = createLedgerStore({ client: open.client, bucket: "windlass-nowhere" });

      const read = await failureOf(store.readLedger(scope));
      const write = await failureOf(store.createLedger(aLedger()));

      expect(read).toMatchObject({ code: "no-such-bucket", where: "s3://windlass-nowhere/ledger.json" });
      expect(read.hint).toContain("WINDLASS_STATE_BUCKET");
      expect(write.code).toBe("no-such-bucket");
    });
  });
}

async function etagOf(commit: Promise<{ kind: string }>): Promise<string> {
  return etagIn(await commit);
}

function etagIn(outcome: { kind: string; etag?: string }): string {
  if (outcome.etag === undefined) throw new Error(`not written: ${outcome.kind}`);
  return outcome.etag;
}

async function failureOf(call: Promise<unknown>): Promise<LedgerStoreError> {
  const failure = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof LedgerStoreError) return failure;
  throw new Error(`expected a LedgerStoreError, found ${failure}`);
}
