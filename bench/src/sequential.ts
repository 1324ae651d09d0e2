import { ECRClient, ListImagesCommand } from "@aws-sdk/client-ecr";
import { GetObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { bucket, region, registryAccount } from "./world.ts";

export type ClientSettings = Pick<S3ClientConfig, "credentials" | "requestHandler">;

/**
 * How the system that Windlass replaces looked for work: one image after the other, all its tags page by page, then the
 * digest that was recorded for it. Gives how many images have another digest than the recorded one.
 */
export async function lookSequentially(images: readonly string[], settings: ClientSettings): Promise<number> {
  const ecr = new ECRClient({ ...settings, region });
  const s3 = new S3Client({ ...settings, region });
  let changed = 0;
  for (const image of images) {
    const digest = await findTag(ecr, image, "scratch");
    const recorded = await readRecorded(s3, image);
    if (digest !== recorded) changed += 1;
  }
  return changed;
}

/** Where the recorded digest of an image is kept for the sequential way. */
export function recordKey(image: string): string {
  return `recorded/${image}`;
}

async function findTag(ecr: ECRClient, image: string, tag: string): Promise<string | undefined> {
  let digest: string | undefined;
  let token: string | undefined;
  do {
    const page = await ecr.send(
      new ListImagesCommand({ registryId: registryAccount, repositoryName: image, nextToken: token }),
    );
    digest = page.imageIds?.find(({ imageTag }) => imageTag === tag)?.imageDigest ?? digest;
    token = page.nextToken;
  } while (token !== undefined);
  return digest;
}

async function readRecorded(s3: S3Client, image: string): Promise<string | undefined> {
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: recordKey(image) }));
  return body?.transformToString();
}
