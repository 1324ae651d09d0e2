import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountMapping, areaNames, headSource, parseMapping, sliceForArea } from "@windlass/account-mapping";
import type { Control, DeploymentId, Ledger, Plan, Result } from "@windlass/deployment";
import { type CallEntry, createSandbox, type Sandbox, virtualClock } from "@windlass/sandbox";
import { onTestFinished } from "vitest";
import { createAwsClients, type OpenAws } from "../../src/aws-clients.ts";
import type { CliWorld } from "../../src/cli-world.ts";
import { profileVariable } from "../../src/profile-of.ts";
import { runCli } from "../../src/run-cli.ts";
import { type AreaRunner, areaRunner } from "./area-runner.ts";
import { lambdaPorts, type TickPorts, tickArea } from "./area-ticks.ts";

/** A Tuesday, 13:15 in Sydney: within business hours. */
export const START = Date.UTC(2026, 10, 24, 2, 15);

/** Two areas and three images, unless told otherwise. */
export function areasText({ images = IMAGES, production = "" } = {}): string {
  return `version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
github: { organization: AusDTO }
areas:
  staging: { branch: Staging, account: "333333333333", window: { days: MON-SUN, hours: "00:00-24:00" } }
  production:
    branch: Production
    account: "444444444444"
    alias: sts-production
    window: { timezone: Australia/Sydney, days: MON-FRI, hours: "09:00-17:00" }
    ${production}
images:${images}
`;
}

const IMAGES = `
  dga-network: { kind: terraform }
  dga-site: { kind: terraform, after: [dga-network], github: dga-site-iac }
  dga-web: { kind: instance-refresh, groups: [dga-web-asg] }`;

export interface OpenAreasOptions {
  readonly mapping?: string;
  /** What standard output is; no terminal by default. */
  readonly terminal?: CliWorld["terminal"];
  readonly env?: Readonly<Record<string, string>>;
  /** By default a profile is called as its area, and is of the area's account. */
  readonly openAws?: OpenAws;
  /** Whether people may look at the registry; only the areas' roles may by default. */
  readonly openRegistry?: boolean;
}

/** A whole organisation in a sandbox whose time stands still, and the command line in a folder with the mapping. */
export function openAreas(options: OpenAreasOptions = {}) {
  const { mapping: text = areasText(), terminal = { interactive: false, columns: 80 } } = options;
  const folder = mkdtempSync(join(tmpdir(), "windlass-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "windlass.yaml"), text);
  const mapping = parseMapping(text);
  const clock = virtualClock(START);
  const sandbox = createSandbox({ clock });
  const now = () => new Date(clock.now());
  makeRegistry(sandbox, mapping, options.openRegistry === true);
  const ports = new Map<string, TickPorts>();
  for (const name of Object.keys(mapping.areas)) ports.set(name, makeArea(sandbox, sliceForArea(mapping, name)));
  const portsOf = (area: string): TickPorts => ports.get(area) ?? failNoArea(area);
  const registry = sandbox.account(mapping.registry.account).ecr();

  const profiles = Object.keys(mapping.areas).map((area) => [profileVariable(area), area] as const);
  const env = { WINDLASS_MAPPING: "windlass.yaml", ...Object.fromEntries(profiles), ...options.env };
  const world = {
    terminal,
    env,
    fetch: sandbox.fetch,
    now,
    wait: (ms: number) => clock.advance(ms),
    cwd: folder,
    openAws: options.openAws ?? openAwsIn(sandbox, mapping),
    openSecrets: () => Promise.reject(new Error("no secret is needed")),
    openRegistry: () => Promise.reject(new Error("no registry is needed")),
  } satisfies Partial<CliWorld>;

  /** Runs the command line; `change` puts something else in its world. */
  async function runWith(change: Partial<CliWorld>, ...args: readonly string[]) {
    let out = "";
    let error = "";
    const code = await runCli(args, {
      ...world,
      interrupted: new AbortController().signal,
      write: (piece) => {
        out += piece;
      },
      writeError: (piece) => {
        error += piece;
      },
      ...change,
    });
    return { code, out, error };
  }

  async function tick(area: string): Promise<Plan> {
    await clock.advance(60_000);
    return tickArea(portsOf(area), sliceForArea(mapping, area), now());
  }

  return {
    folder,
    mapping,
    sandbox,
    clock,
    registry,
    world,
    store: (area: string) => portsOf(area).store,
    run: (...args: readonly string[]) => runWith({}, ...args),
    runWith,
    tick,
    /** Pushes a new image with the area's tag; its digest. */
    push(image: string, area: string, commit: string): string {
      const { repository, tag } = headSource(mapping, area, image);
      return registry.pushImage({ repository, tags: [tag, `git_${commit}`] });
    },
    /** Puts the area's tag on what the other area's tag is on. */
    promote(image: string, from: string, to: string): void {
      const { repository, tag } = headSource(mapping, from, image);
      registry.tag(repository, headSource(mapping, to, image).tag, registry.digestOf(repository, tag) ?? "");
    },
    /** The runner of a deployment that was launched. */
    runner: (area: string, deployment: DeploymentId): Promise<AreaRunner> => areaRunner(portsOf(area), deployment, now),
    /** Ticks until the deployment of the area's next image is over; by default it succeeds. */
    async deploy(area: string, change: Partial<Result> = {}): Promise<DeploymentId> {
      const { launched } = await tick(area);
      const [deployment] = launched;
      if (deployment === undefined) throw new Error(`nothing was launched in ${area}`);
      await clock.advance(60_000);
      const runner = await areaRunner(portsOf(area), deployment, now);
      await runner.claim();
      await runner.phase("applying", "1/2");
      await runner.finish(change);
      await clock.advance(60_000);
      await tick(area);
      return deployment;
    },
    ledger: (area: string): Promise<Ledger> => readLedger(portsOf(area), mapping, area),
    control: (area: string, control: Partial<Control>) =>
      portsOf(area).store.putControl({
        ...{ schema: 1, id: `c${clock.now()}`, by: "kim", reason: "a test", at: now().toISOString() },
        ...control,
      } as Control),
    /** What the command line, and not the areas' Lambdas, has called, as `s3:GetObject`. */
    callsOf: (account: string): readonly CallEntry[] =>
      sandbox.calls.entries.filter((call) => call.account === account && call.role === PERSON.role),
  };
}

/** Whoever works at the terminal. */
export const PERSON = { role: "operator", session: "kim" } as const;

export function openAwsIn(sandbox: Sandbox, mapping: AccountMapping): OpenAws {
  return ({ region, profile }) => {
    const account = mapping.areas[profile ?? ""]?.account ?? mapping.registry.account;
    const { credentials, requestHandler } = sandbox.clientConfig({ account, ...PERSON });
    const settings = { credentials, requestHandler, maxAttempts: 1, disableClockSkewCorrection: true } as const;
    return createAwsClients(settings, { region, forcePathStyle: false });
  };
}

function makeRegistry(sandbox: Sandbox, mapping: AccountMapping, open: boolean): void {
  const registry = sandbox.account(mapping.registry.account).ecr();
  const areas = Object.values(mapping.areas);
  const roles = areas.map((area) => `arn:aws:iam::${area.account}:role/${areaNames(area).lambdaRole}`);
  for (const image of Object.keys(mapping.images)) {
    registry.createRepository(image);
    registry.setPolicy(image, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: areas.map(({ account }) => `arn:aws:iam::${account}:root`) },
          Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"],
          ...(open ? {} : { Condition: { ArnEquals: { "aws:PrincipalArn": roles } } }),
        },
      ],
    });
  }
}

const TLS_ONLY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});

function makeArea(sandbox: Sandbox, slice: AccountMapping): TickPorts {
  for (const area of Object.values(slice.areas)) {
    const { s3, autoScaling, sns, schedules } = sandbox.account(area.account);
    const { stateBucket, deployGroup, prefix, scheduleGroup: group } = areaNames(area);
    s3.createBucket(stateBucket, { versioning: true, policy: TLS_ONLY });
    for (const topic of ["start", "finished", "error"]) sns(area.region).createTopic(`${prefix}-${topic}`);
    schedules(area.region).put({ group, name: `${prefix}-always`, expression: "rate(15 minutes)" });
    schedules(area.region).put({ group, name: `${prefix}-window-1`, expression: "cron(* 9-16 ? * MON-FRI *)" });
    autoScaling(area.region).createGroup(deployGroup, { min: 0, max: 1 });
    for (const image of Object.values(slice.images)) {
      if (image.kind !== "instance-refresh" || image.groups.kind !== "names") continue;
      for (const name of image.groups.names) autoScaling(area.region).createGroup(name, { min: 1, max: 2, desired: 1 });
    }
  }
  return lambdaPorts(sandbox, slice);
}

async function readLedger({ store }: TickPorts, mapping: AccountMapping, area: string): Promise<Ledger> {
  const account = mapping.areas[area]?.account ?? "";
  const read = await store.readLedger({ workload: mapping.workload, area, account });
  if (read.kind === "ledger") return read.ledger;
  throw new Error(`there is no ledger in ${area}`);
}

function failNoArea(area: string): never {
  throw new Error(`the test's mapping has no area ${area}`);
}
