import { ECRClient } from "@aws-sdk/client-ecr";
import { createSandbox, virtualClock } from "@windlass/sandbox";
import { createHeadReader, type HeadReader, type HeadReaderOptions, type HeadSource } from "../src/index.ts";

export const pipeline = "111111111111";
export const staging = "222222222222";
export const started = Date.UTC(2026, 10, 24);
export const commit = "4f2a91c0d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0";

const reads = ["BatchGetImage", "DescribeImages", "GetDownloadUrlForLayer"];

export type OpenRegistry = ReturnType<typeof openRegistry>;

/** A sandbox with the pipeline account's registry, and readers of the area's account. */
export function openRegistry() {
  const clock = virtualClock(started);
  const sandbox = createSandbox({ clock });
  const registry = sandbox.account(pipeline).ecr();
  return {
    clock,
    sandbox,
    registry,
    /** A repository that the area's account may read, as the pipeline's templates make it. */
    createRepository(name: string, actions: readonly string[] = reads): void {
      registry.createRepository(name);
      const Action = actions.map((action) => `ecr:${action}`);
      const Principal = { AWS: `arn:aws:iam::${staging}:root` };
      registry.setPolicy(name, { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action }] });
    },
    createReader(options: Partial<HeadReaderOptions> = {}): HeadReader {
      const client = new ECRClient({ ...sandbox.clientConfig({ account: staging }), maxAttempts: 1 });
      const wait = (ms: number) => clock.advance(ms);
      return createHeadReader({ client, registryId: pipeline, fetch: sandbox.fetch, wait, ...options });
    },
  };
}

/** The default layout: one repository for each image, one tag for each area. */
export function source(image: string): HeadSource {
  return { image, repository: image, tag: "staging" };
}
