import { createHash } from "node:crypto";
import { checkMapping, onlyArea } from "@windlass/account-mapping";
import {
  deploymentId,
  emptyLedger,
  type ImageRecord,
  type Ledger,
  parseImageDigest,
  serializeLedger,
  toInstant,
} from "@windlass/deployment";
import { createSandbox, type Sandbox } from "@windlass/sandbox";

export const region = "ap-southeast-2";
export const registryAccount = "111111111111";
export const account = "222222222222";
export const bucket = "windlass-state-222222222222";
const mappingBucket = "windlass-config-222222222222";
const deployGroup = "windlass-deploy";
const area = "scratch";

export interface WorldSize {
  readonly images: number;
  /** Beside the area's own; what an image that is built often has gathered. */
  readonly tags: number;
}

/** An area whose images are all live at their heads, so that nothing is to be done. */
export function createSteadyWorld({ images, tags }: WorldSize): Sandbox {
  const sandbox = createSandbox({ region });
  const names = imageNames(images);
  const registry = sandbox.account(registryAccount).ecr(region);
  const digests = new Map<string, string>();
  for (const name of names) {
    registry.createRepository(name);
    registry.setPolicy(name, pullPolicy);
    for (let build = 1; build <= tags; build += 1) {
      registry.pushImage({
        repository: name,
        tags: [`git_${commitOf(name, build)}`],
        manifest: bareManifest(name, build),
      });
    }
    digests.set(name, release({ sandbox, name, build: tags + 1 }));
  }
  const { s3, autoScaling } = sandbox.account(account);
  autoScaling(region).createGroup(deployGroup, { min: 0, max: 1 });
  s3.createBucket(bucket, { versioning: true });
  s3.createBucket(mappingBucket);
  const slice = sliceOf(names);
  s3.write(mappingBucket, "scratch.json", JSON.stringify(slice));
  s3.write(bucket, "ledger.json", serializeLedger(steadyLedger(slice, digests)));
  return sandbox;
}

/** Moves every image's tag to something new. */
export function releaseAll(sandbox: Sandbox, { images, tags }: WorldSize): void {
  for (const name of imageNames(images)) release({ sandbox, name, build: tags + 2 });
}

/** The function's environment. */
export function functionEnvironment(endpoint?: string): Record<string, string> {
  return {
    WINDLASS_AREA: area,
    WINDLASS_MAPPING: `s3://${mappingBucket}/scratch.json`,
    WINDLASS_STATE_BUCKET: bucket,
    WINDLASS_DEPLOY_GROUP: deployGroup,
    AWS_REGION: region,
    LOG_LEVEL: "warn",
    ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint }),
  };
}

export function imageNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    `team-${index % 40}/image-${String(index).padStart(4, "0")}`.replace("/", "-"),
  );
}

function release({
  sandbox,
  name,
  build,
}: {
  readonly sandbox: Sandbox;
  readonly name: string;
  readonly build: number;
}): string {
  const tags = [area, `git_${commitOf(name, build)}`];
  return sandbox
    .account(registryAccount)
    .ecr(region)
    .pushImage({ repository: name, tags, manifest: bareManifest(name, build) });
}

/** As long as a manifest of an image with some layers is. */
function bareManifest(name: string, build: number): string {
  const descriptor = (part: string, mediaType: string) => ({
    mediaType,
    digest: `sha256:${hash(`${name} ${build} ${part}`)}`,
    size: 1000,
  });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor("config", "application/vnd.oci.image.config.v1+json"),
    layers: [1, 2, 3, 4, 5].map((layer) => descriptor(`layer ${layer}`, "application/vnd.oci.image.layer.v1.tar+gzip")),
  });
}

function commitOf(name: string, build: number): string {
  return hash(`${name} ${build}`).slice(0, 40);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sliceOf(names: readonly string[]): unknown {
  return {
    version: 1,
    workload: "bench",
    registry: { account: registryAccount, region },
    areas: { [area]: { branch: "Develop", account, window: { days: "MON-SUN", hours: "00:00-24:00" } } },
    images: Object.fromEntries(names.map((name) => [name, { kind: "terraform" }])),
  };
}

function steadyLedger(slice: unknown, digests: ReadonlyMap<string, string>): Ledger {
  const mapping = checkMapping(slice);
  const {
    name,
    area: { account: owner },
  } = onlyArea(mapping);
  const then = new Date(Date.now() - 86_400_000);
  const ledger = emptyLedger({ workload: mapping.workload, area: name, account: owner }, then);
  const records = [...digests].map(([image, digest], index): [string, ImageRecord] => [
    image,
    recordOf(digest, index + 1, then),
  ]);
  return { ...ledger, epoch: records.length, images: Object.fromEntries(records) };
}

function recordOf(text: string, epoch: number, then: Date): ImageRecord {
  const digest = parseImageDigest(text);
  const at = toInstant(then);
  const head = { digest, commit: null, pushedAt: at };
  const live = { digest, commit: null, deployment: deploymentId(then, epoch), at };
  const never = { previous: null, hold: null, block: null, attempts: null, disturbed: null, dead: [], leaving: [] };
  return { head, live, ...never, deployNow: null, shown: null };
}

const pullPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"],
    },
  ],
};
