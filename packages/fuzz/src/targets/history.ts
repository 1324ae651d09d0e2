import { S3Client } from "@aws-sdk/client-s3";
import { type DeploymentId, deploymentIdSchema } from "@windlass/deployment";
import { createLedgerStore, LedgerStoreError } from "@windlass/ledger-store";
import { isSameJson, saysAllOf } from "../same-json.ts";
import { ACCOUNT, openWorld } from "../sandbox-world.ts";
import { ENDED } from "../seeds/record-seeds.ts";
import { type Check, type FuzzTarget, promise } from "../target.ts";
import { asTexts } from "./records.ts";

const ID: DeploymentId = deploymentIdSchema.parse(ENDED.id);
const BUCKET = "windlass-state";
const KEY = `history/${ID.slice(0, 4)}/${ID.slice(4, 6)}/${ID}.json`;

/** A record of the history, read from the bucket under the key of one deployment. */
export const historyTarget: FuzzTarget = {
  name: "history",
  seeds: asTexts([{ schema: 1, deployment: ENDED }]),
  shape: "text",
  guidedBy: "packages/",
  open: openCheck,
};

function openCheck(): Check {
  const { sandbox } = openWorld();
  const { s3 } = sandbox.account(ACCOUNT);
  s3.createBucket(BUCKET);
  const client = new S3Client({ ...sandbox.clientConfig({ account: ACCOUNT }), maxAttempts: 1 });
  const store = createLedgerStore({ client, bucket: BUCKET });

  async function read(text: string) {
    s3.write(BUCKET, KEY, text);
    try {
      return await store.readHistory(ID);
    } catch (error) {
      if (!(error instanceof LedgerStoreError)) throw error;
      promise(error.code === "record-invalid", "a refusal has the code record-invalid", error.code);
      promise((error.found ?? "").length <= 4000 + text.length, "a refusal is of bounded length");
      return null;
    }
  }

  return async (given) => {
    // What a bucket keeps are bytes.
    const text = Buffer.from(given).toString("utf8");
    const deployment = await read(text);
    if (deployment === null) return "refused";
    promise(deployment.id === ID, "no other deployment's record is told as the one that was asked for", deployment.id);
    const stored = { schema: 1, deployment };
    promise(saysAllOf(stored, JSON.parse(text)), "nothing of an accepted record is dropped or changed", text);
    promise(
      isSameJson(await read(JSON.stringify(stored)), deployment),
      "a record is read again from what is written",
      stored,
    );
    return "accepted";
  };
}
