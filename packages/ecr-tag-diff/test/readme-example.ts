import { ECRClient } from "@aws-sdk/client-ecr";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import { createSandbox, virtualClock } from "@windlass/sandbox";

// A registry in this process; with AWS itself, only `new ECRClient({ region: "ap-southeast-2" })`.
const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24, 9)) });
const registry = sandbox.account("111111111111").ecr();
registry.createRepository("dga-web");
registry.pushImage({ repository: "dga-web", tags: ["staging", "git_4f2a91c"] });
const client = new ECRClient(sandbox.clientConfig({ account: "111111111111" }));

const reader = createHeadReader({ client, registryId: "111111111111" });
const heads = await reader.readHeads(
  [{ image: "dga-web", repository: "dga-web", tag: "staging" }],
  {}, // the heads of the last time, by image
  AbortSignal.timeout(30_000),
);
// { "dga-web": { kind: "head", head: { digest, commit, pushedAt } } }
//            or { kind: "absent", missing: "tag" | "repository" }
//            or { kind: "unreadable", code, message }

const reading = heads["dga-web"];
export const commit = reading?.kind === "head" ? reading.head.commit : null;
// "4f2a91c"
