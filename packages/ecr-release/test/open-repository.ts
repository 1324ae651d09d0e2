import { createHash } from "node:crypto";
import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import { createSandbox, type Sandbox, virtualClock } from "@windlass/sandbox";
import { createReleaser, keepTags, type Release, type ReleaseRequest } from "../src/index.ts";

export const pipeline = "111111111111";
export const name = "dga-web";
export const started = Date.UTC(2026, 10, 24, 9);

export interface Transported {
  /** For all clients of one release. */
  readonly transport?: (inner: Sandbox["requestHandler"]) => Sandbox["requestHandler"];
  /** The virtual clock's by default. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

export type OpenRepository = ReturnType<typeof openRepository>;

/** A sandbox with a repository as the pipeline stack makes it: only the area's tags and `keep-` tags move. */
export function openRepository(repository = name, movable: readonly string[] = ["staging", "production", "latest"]) {
  const clock = virtualClock(started);
  const sandbox = createSandbox({ clock });
  const registry = sandbox.account(pipeline).ecr();
  registry.createRepository(repository, {
    mutability: "IMMUTABLE_WITH_EXCLUSION",
    exclusionFilters: ["keep-*", ...movable],
  });

  function createFor(account: string, options: Transported = {}) {
    const { transport = (inner) => inner, wait = (ms) => clock.advance(ms) } = options;
    const { requestHandler, ...config } = sandbox.clientConfig({ account, role: "publisher", session: "build" });
    const settings = { ...config, requestHandler: transport(requestHandler), maxAttempts: 1 };
    return createReleaser({
      ecr: new ECRClient(settings),
      sts: new STSClient(settings),
      registryId: pipeline,
      wait,
    });
  }

  function push(number: number, members: object = {}): string {
    return registry.pushImage({ repository, manifest: manifestOf(number, members), tags: [`build-${number}`] });
  }

  return {
    clock,
    sandbox,
    registry,
    createFor,
    /** Pushes the image that this number stands for, as a build does; gives its digest. */
    push,
    /** Makes it as it is after releases of that many images, the first one long ago. */
    fill(count: number): void {
      for (let number = 1; number <= count; number += 1) push(number);
      if (count > 0) registry.tag(repository, "staging", digestOf(count));
      for (const [ago, tag] of keepTags("staging").slice(0, count).entries()) {
        registry.tag(repository, tag, digestOf(count - ago));
      }
    },
    /** By a new releaser, as each build has its own. */
    release(
      request: Partial<ReleaseRequest> & Pick<ReleaseRequest, "image">,
      options: Transported = {},
    ): Promise<Release> {
      const now = new Date(clock.now());
      const rest = { area: "staging", repository, tag: "staging", commit: commitOf(0), time: now };
      return createFor(pipeline, options).release({ ...rest, ...request });
    },
    /** Every tag that is there, with its digest. */
    tags(): Readonly<Record<string, string>> {
      const pairs = registry
        .images(repository)
        .flatMap(({ tags, digest }) => tags.map((tag) => [tag, digest] as const));
      return Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    /** What the area's `keep-` tags are on, by how many heads ago. */
    kept(area = "staging"): readonly (string | null)[] {
      return keepTags(area).map((tag) => registry.digestOf(repository, tag));
    },
    /** The actions of all calls so far. */
    actions(): readonly string[] {
      return sandbox.calls.entries.map(({ action }) => action);
    },
  };
}

export function manifestOf(number: number, members: object = {}): string {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return JSON.stringify({
    schemaVersion: 2,
    mediaType,
    layers: [],
    annotations: { number: String(number) },
    ...members,
  });
}

export function digestOf(number: number): string {
  return `sha256:${createHash("sha256").update(manifestOf(number)).digest("hex")}`;
}

/** A full commit for a number. */
export function commitOf(number: number): string {
  return createHash("sha1").update(`commit ${number}`).digest("hex");
}
