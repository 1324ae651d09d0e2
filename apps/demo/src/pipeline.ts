import { type AccountMapping, headSource } from "@windlass/account-mapping";
import type { EcrRegistry, Sandbox } from "@windlass/sandbox";
import type { DemoEngine } from "./engine.ts";
import { INSTANCE_ROLE, LAMBDA_ROLE } from "./names.ts";
import type { Reporting } from "./reporting.ts";

/** What the pipeline account's Jenkins does: builds images, and moves the areas' tags. */
export interface Pipeline {
  /** Pushes a build of the image, tagged with its commit; returns its digest. */
  build(build: Build): Promise<string>;
  /** Moves the area's tag to that digest. */
  release(image: string, digest: string, area: string): void;
}

export interface Build {
  readonly image: string;
  /** Its first digits. */
  readonly commit: string;
  readonly version: string;
  /** Its apply fails. */
  readonly broken?: boolean;
}

export interface PipelineOptions {
  readonly sandbox: Sandbox;
  readonly mapping: AccountMapping;
  readonly engine: Pick<DemoEngine, "contentOf" | "shelve">;
  readonly reporting: Pick<Reporting, "addCommit">;
}

const READS = [
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchCheckLayerAvailability",
  "ecr:DescribeImages",
];

/** Makes the registry's repositories, readable by the mapped accounts' roles and by nobody else. */
export function openPipeline({ sandbox, mapping, engine, reporting }: PipelineOptions): Pipeline {
  const registry = sandbox.account(mapping.registry.account).ecr(mapping.registry.region);
  makeRepositories(registry, mapping);
  return {
    async build({ image, commit: short, version, broken }) {
      const commit = reporting.addCommit(image, short);
      const [area = ""] = Object.keys(mapping.areas);
      const { repository } = headSource(mapping, area, image);
      const labels = { "org.opencontainers.image.revision": commit, "org.opencontainers.image.version": version };
      const push = { repository, tags: [`git_${commit}`], labels };
      if (mapping.images[image]?.kind !== "terraform") return registry.pushImage(push);
      const content = { image, version, broken };
      const digest = registry.pushImage({ ...push, ...engine.contentOf(content) });
      await engine.shelve(digest, content);
      return digest;
    },
    release(image, digest, area) {
      const { repository, tag } = headSource(mapping, area, image);
      registry.tag(repository, tag, digest);
    },
  };
}

function makeRepositories(registry: EcrRegistry, mapping: AccountMapping): void {
  const readers = new Map<string, Set<string>>();
  for (const [area, { account }] of Object.entries(mapping.areas)) {
    for (const image of Object.keys(mapping.images)) {
      const { repository } = headSource(mapping, area, image);
      readers.set(repository, (readers.get(repository) ?? new Set<string>()).add(account));
    }
  }
  for (const [repository, accounts] of readers) {
    registry.createRepository(repository);
    registry.setPolicy(repository, readPolicy([...accounts]));
  }
}

/** The accounts' roots, narrowed to two roles each: so it can be written before those roles exist. */
function readPolicy(accounts: readonly string[]): object {
  const roles = accounts.flatMap((account) =>
    [LAMBDA_ROLE, INSTANCE_ROLE].map((role) => `arn:aws:iam::${account}:role/${role}`),
  );
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) },
        Action: READS,
        Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
      },
    ],
  };
}
