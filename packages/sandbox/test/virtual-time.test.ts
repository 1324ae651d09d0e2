import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { openInProcess, scratch } from "./ways-in.ts";

const Bucket = "state";

it("runs calls that nobody awaits to their end before time goes on", async () => {
  const { sandbox, clock, config } = await openInProcess();
  const { s3 } = sandbox.account(scratch);
  s3.createBucket(Bucket);
  const client = new S3Client(config());
  // The first call of a client reads the machine's AWS configuration, which takes what time it takes.
  await client.send(new PutObjectCommand({ Bucket, Key: "ledger.json", Body: "first" }));
  const start = clock.now();
  const ends: number[] = [];

  async function tick(): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket, Key: "ledger.json", Body: String(clock.now()) }));
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "ledger.json" }));
    expect(await Body?.transformToString()).toBe(String(clock.now()));
    ends.push(clock.now() - start);
    if (ends.length < 100) clock.schedule(1, () => void tick());
  }
  clock.schedule(1, () => void tick());
  await clock.advance(1000);

  expect(ends).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
});
