import { AwsFault } from "@windlass/sandbox";
import { ACCOUNT, type Answer, type Envelope, openWorld, type SandboxWorld, signAppToken } from "../sandbox-world.ts";
import { MORE_JSON_SEEDS, MORE_QUERY_SEEDS } from "../seeds/more-request-seeds.ts";
import { DISTRIBUTION_SEEDS, GITHUB_SEEDS, registry } from "../seeds/registry-and-github-seeds.ts";
import { ECR_SEEDS, IDENTITY_SEEDS, MANIFEST_SEEDS, QUERY_SEEDS, S3_SEEDS } from "../seeds/request-seeds.ts";
import { type Check, type FuzzTarget, promise, type Verdict } from "../target.ts";
import { checkInput } from "./aws-input.ts";
import { checkDistribution } from "./distribution.ts";
import { checkGitHub, holdDescription } from "./github.ts";
import { requestTarget, signedForOneOf } from "./request-target.ts";

const LAUNCH_MS = 120_000;
const guidedBy = "packages/sandbox/";
const SHA = "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c";

/** The sandbox's own decoders, reached as a client reaches them. */
export const sandboxTargets: readonly FuzzTarget[] = [
  requestTarget("aws-json", [...ECR_SEEDS, ...MORE_JSON_SEEDS], {
    prepare: createRepository,
    reaches: signedForOneOf(["ecr", "secretsmanager"]),
    check: checkInput,
  }),
  requestTarget("aws-query", [...QUERY_SEEDS, ...MORE_QUERY_SEEDS], {
    prepare: launchInstance,
    reaches: signedForOneOf(["ec2", "autoscaling", "sts", "sns"]),
    check: checkInput,
  }),
  requestTarget("identity", IDENTITY_SEEDS, { reaches: () => true, check: checkIdentity }),
  requestTarget("s3", S3_SEEDS, { prepare: createBucket, reaches: signedForOneOf(["s3"]), check: checkStored }),
  requestTarget("distribution", DISTRIBUTION_SEEDS, {
    prepare: createRepository,
    reaches: ({ path, headers }) => path.startsWith("/v2/") && (headers["authorization"] ?? "").startsWith("Basic "),
    fresh: { upload: beginUpload },
    check: checkDistribution,
  }),
  requestTarget("github", GITHUB_SEEDS, {
    prepare: prepareGitHub,
    reaches: ({ path }) => path.startsWith("/_github/api/v3/"),
    hold: holdDescription,
    check: checkGitHub,
  }),
  { name: "manifest", seeds: MANIFEST_SEEDS, shape: "text", guidedBy, open: openManifestCheck },
];

async function createBucket({ sandbox }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  sandbox.account(ACCOUNT).s3.createBucket("bucket", { versioning: true });
  return {};
}

async function launchInstance({ sandbox, clock }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  const groups = sandbox.account(ACCOUNT).autoScaling();
  groups.createGroup("own", { desired: 1 });
  await clock.advance(LAUNCH_MS);
  return { instance: groups.group("own")?.instances[0]?.id ?? "" };
}

async function createRepository({ sandbox }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  const registry = sandbox.account(ACCOUNT).ecr();
  registry.createRepository("dga-web");
  registry.pushImage({ repository: "dga-web", tags: ["scratch"] });
  return {};
}

async function beginUpload({ send }: SandboxWorld): Promise<string> {
  const path = "/v2/222222222222/dga-web/blobs/uploads/";
  const { headers } = await send({ method: "POST", path, query: {}, headers: registry, body: "" });
  return headers["docker-upload-uuid"] ?? "";
}

async function prepareGitHub({ sandbox, send }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  const { github } = sandbox;
  const app = github.createApp();
  github.createRepository("AusDTO", "dga-web", { commits: [SHA] });
  const installation = github.install(app, { owner: "AusDTO" });
  const jwt = signAppToken(app.id, app.privateKey);
  const path = `/_github/api/v3/app/installations/${installation}/access_tokens`;
  const answer = await send({ method: "POST", path, query: {}, headers: { authorization: `Bearer ${jwt}` }, body: "" });
  const { token } = JSON.parse(answer.body.toString("utf8")) as { readonly token?: string };
  promise(token !== undefined, "an App gets a token", answer.status);
  const make = async (what: string, member: string, body: object) => {
    const path = `/_github/api/v3/repos/AusDTO/dga-web/${what}`;
    const headers = { authorization: `token ${token}` };
    const made = await send({ method: "POST", path, query: {}, headers, body: JSON.stringify(body) });
    return String((JSON.parse(made.body.toString("utf8")) as Readonly<Record<string, unknown>>)[member]);
  };
  const check = await make("check-runs", "id", { name: "Deploy", head_sha: SHA });
  const deployment = await make("deployments", "id", { ref: SHA, auto_merge: false, required_contexts: [] });
  const issue = await make("issues", "number", { title: "t" });
  return { jwt, token, check, deployment, issue };
}

/** The one who is answered is the one whose key signed. */
async function checkIdentity(_world: SandboxWorld, { headers, query }: Envelope, { body }: Answer): Promise<void> {
  const [, account] = /<GetCallerIdentityResult>.*<Account>([^<]*)<\/Account>/s.exec(body.toString("utf8")) ?? [];
  if (account === undefined) return;
  const scope = /Credential=(\S+?),/.exec(headers["authorization"] ?? "")?.[1] ?? query["X-Amz-Credential"] ?? "";
  promise(/^\d{12}$/.test(account) && scope.startsWith(account), "a caller is of the account of their key", {
    account,
    scope,
  });
}

/** What a PUT says that it stored is what a GET gives. */
async function checkStored(world: SandboxWorld, envelope: Envelope, { headers, body }: Answer): Promise<void> {
  const { method, path, query } = envelope;
  const keys = /<List(?:Bucket|Versions)Result/.test(body.toString("latin1")) ? query["max-keys"] : undefined;
  promise(/^\d*$/.test(keys ?? ""), "a page has as many keys as digits say", keys);
  const isCopy = envelope.headers["x-amz-copy-source"] !== undefined;
  if (method !== "PUT" || Object.keys(query).length > 0 || !/^\/[^/]+\/./.test(path) || isCopy) return;
  const authorization = envelope.headers["authorization"] ?? "";
  const host = envelope.headers["host"];
  const read = {
    method: "GET",
    path,
    query,
    headers: { authorization, ...(host === undefined ? {} : { host }) },
    body: "",
  };
  const answer = await world.send(read);
  promise(answer.status === 200, "what was stored can be read", answer.status);
  promise(answer.headers["etag"] === headers["etag"], "what is read has the ETag of what was stored", answer.headers);
  const chunked =
    (envelope.headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING") ||
    envelope.headers["content-encoding"] !== undefined;
  promise(chunked || answer.body.equals(Buffer.from(envelope.body)), "what is read is what was stored");
}

/** Manifests as they are pushed: what is taken is given back byte by byte, under the hash of its bytes. */
function openManifestCheck(): Check {
  const world = openWorld();
  const registry = world.sandbox.account(ACCOUNT).ecr();
  registry.createRepository("dga-web");
  return async (text): Promise<Verdict> => {
    try {
      const digest = registry.pushImage({ repository: "dga-web", tags: ["a"], manifest: text });
      const image = registry.images("dga-web").find((one) => one.digest === digest);
      promise(image?.manifest === text, "a manifest is kept as it was pushed", image?.manifest);
      promise(registry.digestOf("dga-web", "a") === digest, "a tag leads to what was pushed with it", digest);
      return "accepted";
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      return "refused";
    }
  };
}
