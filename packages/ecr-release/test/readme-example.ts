import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import { createReleaser } from "@windlass/ecr-release";
import { createSandbox, virtualClock } from "@windlass/sandbox";

// A registry in this process; with AWS itself, clients with your own region and credentials.
const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24, 9)) });
const registry = sandbox.account("111111111111").ecr();
registry.createRepository("dga-web");
const digest = registry.pushImage({ repository: "dga-web", tags: ["build-1"] });
const config = sandbox.clientConfig({ account: "111111111111", role: "publisher", session: "build" });

const releaser = createReleaser({
  ecr: new ECRClient(config),
  sts: new STSClient(config),
  registryId: "111111111111",
});
const release = await releaser.release({
  area: "staging",
  repository: "dga-web",
  tag: "staging",
  image: { digest }, // as the push printed it; or { tag }
  commit: "4f2a91c0d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0",
  time: new Date("2026-11-24T09:00:00Z"),
});
// { kind: "released" | "unchanged" | "planned" | "overtaken", digest, from, head, changes: [{ tag, digest }] }

export const moved = [release.kind, registry.digestOf("dga-web", "staging") === digest];
// ["released", true]
