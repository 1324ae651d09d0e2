import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfig, type RunningMoto, startMoto } from "@windlass/moto";
import { createSandbox, virtualClock } from "@windlass/sandbox";
import { createLedgerStore, type LedgerStore } from "../src/index.ts";

export const account = "222222222222";
const start = Date.parse("2026-11-24T09:00:00Z");

/** A new state bucket and what a test needs to look at it from outside. */
export interface OpenWorld {
  readonly client: S3Client;
  readonly bucket: string;
  readonly store: LedgerStore;
  /** The S3 actions since the last look, in order. */
  takeCalls(): readonly string[];
  /** Writes an object as somebody else would. */
  put(key: string, body: string): Promise<void>;
}

/** An implementation of S3 that the store is held against. */
export interface World {
  readonly title: string;
  readonly unavailable: boolean;
  open(): Promise<OpenWorld>;
  stop(): Promise<void>;
}

export async function startWorlds(): Promise<readonly World[]> {
  const moto = await startMoto();
  return [
    { title: "sandbox", unavailable: false, open: async () => openSandbox(), stop: async () => {} },
    {
      title: moto.title,
      unavailable: moto.kind === "unavailable",
      open: () => openMoto(moto as RunningMoto),
      stop: () => moto.stop(),
    },
  ];
}

/** A sandbox of its own, with the faults and the clock that other worlds lack. */
export function openSandbox(options: { readonly maxAttempts?: number } = {}) {
  const clock = virtualClock(start);
  const sandbox = createSandbox({ clock, seed: 1 });
  const client = new S3Client({ ...sandbox.clientConfig({ account }), maxAttempts: options.maxAttempts ?? 1 });
  const bucket = nameBucket();
  sandbox.account(account).s3.createBucket(bucket, { versioning: true, etags: "opaque" });
  return { ...openBucket(client, bucket), sandbox, clock };
}

async function openMoto(moto: RunningMoto): Promise<OpenWorld> {
  const client = new S3Client(clientConfig({ url: moto.url, account }));
  const bucket = nameBucket();
  const place = { CreateBucketConfiguration: { LocationConstraint: "ap-southeast-2" } } as const;
  await client.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
  return openBucket(client, bucket);
}

let buckets = 0;

function nameBucket(): string {
  buckets += 1;
  return `windlass-state-${buckets}`;
}

function openBucket(client: S3Client, bucket: string): OpenWorld {
  const calls: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      calls.push(String(context.commandName).replace(/Command$/, ""));
      return next(args);
    },
    { step: "initialize" },
  );
  return {
    client,
    bucket,
    store: createLedgerStore({ client, bucket, delay: async () => {} }),
    takeCalls: () => calls.splice(0),
    async put(key, body) {
      const object = { Bucket: bucket, Key: key, Body: body, ContentLength: Buffer.byteLength(body) };
      await client.send(new PutObjectCommand(object));
    },
  };
}
