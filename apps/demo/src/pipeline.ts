import { createHash } from "node:crypto";
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  ECRClient,
  PutImageCommand,
  SetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import { type AccountMapping, headSource } from "@windlass/account-mapping";
import type { Sandbox } from "@windlass/sandbox";
import type { ModuleShelf } from "./modules.ts";
import { INSTANCE_ROLE, LAMBDA_ROLE } from "./names.ts";

/** What the pipeline account's Jenkins does: builds images, and moves the areas' tags. */
export interface Pipeline {
  /** Pushes a build of the image, tagged with its commit; returns its digest. */
  build(build: Build): Promise<string>;
  /** Moves the area's tag to that digest. */
  release(image: string, digest: string, area: string): Promise<void>;
}

export interface Build {
  readonly image: string;
  readonly commit: string;
  readonly version: string;
  /** Its apply ends with this exit code. */
  readonly broken?: number;
}

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const PULL = [
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchCheckLayerAvailability",
  "ecr:DescribeImages",
];

export interface PipelineOptions {
  readonly sandbox: Sandbox;
  readonly mapping: AccountMapping;
  readonly shelf: ModuleShelf;
}

/** Makes the registry's repositories, readable by the mapped accounts' roles and by nobody else. */
export async function openPipeline({ sandbox, mapping, shelf }: PipelineOptions): Promise<Pipeline> {
  const { account, region } = mapping.registry;
  const ecr = new ECRClient(sandbox.clientConfig({ account, region, role: "jenkins", session: "build" }));
  for (const [repository, readers] of repositoriesOf(mapping)) {
    await ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
    const policyText = JSON.stringify(readPolicy(readers));
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: repository, policyText }));
  }
  return {
    async build({ image, commit, version, broken }) {
      const manifest = manifestFor(image, commit, version);
      const digest = digestOf(manifest);
      const imageTag = `git_${commit}`;
      for (const repositoryName of repositoriesOfImage(mapping, image)) {
        await ecr.send(
          new PutImageCommand({
            repositoryName,
            imageManifest: manifest,
            imageManifestMediaType: MANIFEST_TYPE,
            imageDigest: digest,
            imageTag,
          }),
        );
      }
      if (mapping.images[image]?.kind === "terraform") await shelf.put(digest, { image, version, broken });
      return digest;
    },
    async release(image, digest, area) {
      const { repository, tag } = headSource(mapping, area, image);
      const imageIds = [{ imageDigest: digest }];
      const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName: repository, imageIds }));
      await ecr.send(
        new PutImageCommand({
          repositoryName: repository,
          imageManifest: images[0]?.imageManifest,
          imageManifestMediaType: MANIFEST_TYPE,
          imageDigest: digest,
          imageTag: tag,
        }),
      );
    },
  };
}

function repositoriesOf(mapping: AccountMapping): ReadonlyMap<string, ReadonlySet<string>> {
  const repositories = new Map<string, Set<string>>();
  for (const [area, { account }] of Object.entries(mapping.areas)) {
    for (const image of Object.keys(mapping.images)) {
      const { repository } = headSource(mapping, area, image);
      repositories.set(repository, (repositories.get(repository) ?? new Set()).add(account));
    }
  }
  return repositories;
}

function repositoriesOfImage(mapping: AccountMapping, image: string): ReadonlySet<string> {
  return new Set(Object.keys(mapping.areas).map((area) => headSource(mapping, area, image).repository));
}

/** The accounts' roots, narrowed to two roles each: so it can be written before those roles exist. */
function readPolicy(accounts: ReadonlySet<string>): object {
  const roles = [...accounts].flatMap((account) =>
    [LAMBDA_ROLE, INSTANCE_ROLE].map((role) => `arn:aws:iam::${account}:role/${role}`),
  );
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: [...accounts].map((account) => `arn:aws:iam::${account}:root`) },
        Action: PULL,
        Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
      },
    ],
  };
}

function manifestFor(image: string, commit: string, version: string): string {
  const config = digestOf(`${image} ${commit} ${version} config`);
  const layer = digestOf(`${image} ${commit} ${version} layer`);
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", size: 512, digest: config },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", size: 4096, digest: layer }],
  });
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
