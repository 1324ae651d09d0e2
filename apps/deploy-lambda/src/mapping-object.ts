import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { AccountMapping } from "@windlass/account-mapping";
import { invalidConfiguration } from "./config.ts";
import { LambdaError } from "./lambda-error.ts";
import { parseSlice } from "./slice.ts";

/** Some 20,000 images: far above any workload, and far below the function's memory. */
const SIZE_LIMIT = 4 * 1024 * 1024;

export interface MappingObject {
  readonly bucket: string;
  readonly key: string;
  /** The area that the slice must be of. */
  readonly area: string;
}

/**
 * Reads the slice that `WINDLASS_MAPPING` names in S3. It is read once per process, so a changed mapping belongs under a
 * new key. Throws `mapping-unreadable` where S3 does not answer with it, `configuration-invalid` where it is no slice.
 */
export async function readMappingObject(client: S3Client, object: MappingObject): Promise<AccountMapping> {
  const where = `s3://${object.bucket}/${object.key}`;
  const text = await readText(client, object, where);
  const parsed = parseSlice(text, { area: object.area, where });
  if (parsed.kind === "invalid") throw invalidConfiguration(parsed.problems);
  return parsed.slice;
}

async function readText(client: S3Client, { bucket, key }: MappingObject, where: string): Promise<string> {
  try {
    const { Body: body, ContentLength: size = 0 } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
    );
    if (size > SIZE_LIMIT) {
      throw invalidConfiguration([`${where} is oversized: expected at most ${SIZE_LIMIT} bytes, found ${size}`]);
    }
    return (await body?.transformToString()) ?? "";
  } catch (error) {
    if (error instanceof LambdaError) throw error;
    throw new LambdaError({
      code: "mapping-unreadable",
      message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      where,
      hint: "check that the object exists and that the function's role may read it",
      cause: error,
    });
  }
}
