import { S3Client } from "@aws-sdk/client-s3";
import {
  type AreaControl,
  type Control,
  type Deployment,
  type ImageControl,
  type ImageRecord,
  type Ledger,
  parseLedger,
} from "@windlass/deployment";
import { createLedgerStore, type LedgerStore } from "@windlass/ledger-store";
import { createSandbox, type Sandbox, type VirtualClock, virtualClock } from "@windlass/sandbox";
import { createHandler, type Handler } from "../../src/create-handler.ts";
import { expectGranted } from "./expect-granted.ts";
import { network, sliceWith } from "./mapping.ts";
import { account, area, bucket, deployGroup, lambdaRole, pipelineAccount, region, start } from "./names.ts";

export interface TestAreaOptions {
  readonly images?: Parameters<typeof sliceWith>[0];
  /** Of an AWS call; one by default, so that a fault is not hidden by a retry. */
  readonly maxAttempts?: number;
  /** Overrides of the environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whose credentials the function has. */
  readonly runAs?: string;
  /** Beside the images, as in the mapping. */
  readonly mapping?: Readonly<Record<string, unknown>>;
}

/** Stands between a function and AWS. */
export type Transport = (inner: Sandbox["requestHandler"]) => Sandbox["requestHandler"];

export type TestArea = ReturnType<typeof openTestArea>;

/** An area with its registry in a sandbox whose time stands still, and the real function in front of it. */
export function openTestArea(options: TestAreaOptions = {}) {
  const { images = network, maxAttempts = 1, env = {}, runAs = account, mapping = {} } = options;
  const clock = virtualClock(start);
  const sandbox = createSandbox({ clock, region });
  expectGranted(sandbox, lambdaRole, "windlass-lambda");
  const registry = sandbox.account(pipelineAccount).ecr(region);
  const own = sandbox.account(account);
  own.s3.createBucket(bucket, { versioning: true });
  own.autoScaling(region).createGroup(deployGroup, { min: 0, max: 1 });
  for (const image of Object.keys(images)) addRepository(sandbox, image);
  const logs: string[] = [];

  /** A function in a process of its own; its calls go through `transport`, and its clock may be ahead. */
  function newHandler(transport: Transport = (inner) => inner, aheadMs = 0, fetch = sandbox.fetch): Handler {
    const { credentials, requestHandler } = sandbox.clientConfig({
      account: runAs,
      role: lambdaRole,
      session: "lambda",
    });
    const clients = { credentials, requestHandler: transport(requestHandler) };
    return createHandler({
      env: {
        WINDLASS_AREA: area,
        WINDLASS_MAPPING: JSON.stringify(sliceWith(images, mapping)),
        WINDLASS_STATE_BUCKET: bucket,
        WINDLASS_DEPLOY_GROUP: deployGroup,
        LOG_LEVEL: "debug",
        ...env,
      },
      now: () => new Date(clock.now() + aheadMs),
      clients: { ...clients, maxAttempts },
      fetch,
      githubPace: { writeMs: 0, notifyMs: 0, retryMs: 0 },
      logTo: { write: (line) => void logs.push(line) },
    });
  }

  const handler = newHandler();
  const store = createLedgerStore({
    client: new S3Client({
      ...sandbox.clientConfig({ account, role: "windlass-runner", session: "test" }),
      maxAttempts: 1,
    }),
    bucket,
  });
  return {
    sandbox,
    clock,
    registry,
    own,
    group: own.autoScaling(region),
    ec2: own.ec2(region),
    store,
    logs,
    newHandler,
    handler,
    ...reading(sandbox),
    /** One minute later the schedule fires again. */
    async nextTick() {
      await clock.advance(60_000);
      return handler();
    },
    push: (image: string, commit?: string) =>
      registry.pushImage({ repository: image, tags: commit === undefined ? [area] : [area, `git_${commit}`] }),
    control: (control: ControlToPut) => putControl(store, clock, control),
  };
}

export function addRepository(sandbox: Sandbox, name: string): void {
  const registry = sandbox.account(pipelineAccount).ecr(region);
  registry.createRepository(name);
  registry.setPolicy(name, {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"],
      },
    ],
  });
}

interface HistoryFile {
  readonly deployment: Deployment;
}

/** What the bucket says, past every call and fault. */
function reading(sandbox: Sandbox) {
  const { s3 } = sandbox.account(account);
  const read = (key: string) => s3.read(bucket, key)?.text ?? null;
  const ledger = (): Ledger => parseLedger(read("ledger.json") ?? "none", { workload: "dataGov", area, account });
  const history = (): readonly Deployment[] =>
    s3.keys(bucket, "history/").map((key) => (JSON.parse(read(key) ?? "") as HistoryFile).deployment);
  return {
    ledger,
    image: (name: string): ImageRecord | undefined => ledger().images[name],
    /** Of the ledger and of the history, each once, in order of their epochs. */
    deployments(): readonly Deployment[] {
      const known = new Map([...history(), ...Object.values(ledger().deployments)].map((one) => [one.id, one]));
      return [...known.values()].sort((one, other) => one.epoch - other.epoch);
    },
    history,
    keys: (prefix = "") => s3.keys(bucket, prefix),
  };
}

type ControlToPut = (Pick<ImageControl, "kind" | "image"> | Pick<AreaControl, "kind">) & {
  readonly id?: string;
  readonly digest?: string | null;
  readonly deployment?: string | null;
};

async function putControl(store: LedgerStore, clock: VirtualClock, control: ControlToPut): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  await store.putControl({ schema: 1, id: `c${clock.now()}`, by: "kim", reason: "a test", at, ...control } as Control);
}
