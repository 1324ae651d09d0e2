import { S3Client } from "@aws-sdk/client-s3";
import { emptyLedger } from "@windlass/deployment";
import { createLedgerStore } from "@windlass/ledger-store";
import { createSandbox, virtualClock } from "@windlass/sandbox";

// S3 in this process; with AWS itself, only `new S3Client({})`.
const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24, 9)) });
sandbox.account("222222222222").s3.createBucket("windlass-state-222222222222", { versioning: true });
const client = new S3Client(sandbox.clientConfig({ account: "222222222222" }));

const store = createLedgerStore({ client, bucket: "windlass-state-222222222222" });
const scope = { workload: "dataGov", area: "scratch", account: "222222222222" };
await store.createLedger(emptyLedger(scope, new Date("2026-11-24T09:00:00Z")));

const reading = await store.readLedger(scope);
if (reading.kind !== "ledger") throw new Error("there is no ledger yet");
const changed = emptyLedger(scope, new Date("2026-11-24T09:01:00Z"));
const ours = await store.commitLedger(changed, reading.etag);
const theirs = await store.commitLedger(reading.ledger, reading.etag); // another tick was first: it acts

export const commits = [ours.kind, theirs.kind];
// ["committed", "lost"]
