import { S3Client } from "@aws-sdk/client-s3";
import {
  type AccountMapping,
  type Area,
  areaNames,
  formatMapping,
  type GroupSelector,
  sliceForArea,
} from "@windlass/account-mapping";
import { type Deployment, emptyLedger, type Ledger } from "@windlass/deployment";
import { createLedgerStore, type LedgerStore } from "@windlass/ledger-store";
import type { Sandbox, SandboxAccount } from "@windlass/sandbox";
import type { DemoEngine } from "./engine.ts";
import { type LambdaFunction, startLambda } from "./lambda-function.ts";
import type { TickSummary } from "./lambda-protocol.ts";
import { openLogFile } from "./log-file.ts";
import type { MachineClock } from "./machine-clock.ts";
import { makeBystanders, TLS_ONLY } from "./make-bystanders.ts";
import { INSTANCE_ROLE, LAMBDA_ROLE, OPERATOR_ROLE } from "./names.ts";
import type { Reporting } from "./reporting.ts";
import { type RunnerProcess, startRunner } from "./runner-process.ts";

/** One target account: its state bucket, deploy group, application groups, deploy Lambda and instances. */
export interface AreaSite {
  readonly name: string;
  readonly area: Area;
  readonly bucket: string;
  readonly store: LedgerStore;
  /** Runs the area's deploy Lambda once. */
  tick(event: object): Promise<TickSummary>;
  ledger(): Promise<Ledger>;
  /** Every deployment, oldest first, ended or not. */
  deployments(): Promise<readonly Deployment[]>;
  /** The hardware under the area's deploy instance fails. */
  breakInstance(instanceId: string): void;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly mapping: AccountMapping;
  readonly reporting: Reporting;
  readonly name: string;
  readonly clock: MachineClock;
  /** Holds logs and working copies; thrown away with the sandbox. */
  readonly folder: string;
  readonly engine: DemoEngine;
  readonly searchPath: string;
}

export function openAreaSite(options: SiteOptions): AreaSite {
  const { sandbox, mapping, name } = options;
  const slice = sliceForArea(mapping, name);
  const area = slice.areas[name];
  if (area === undefined) throw new TypeError(`the mapping has no area ${name}`);
  const { stateBucket: bucket, deployGroup } = areaNames(area);
  const operator = { account: area.account, region: area.region, role: OPERATOR_ROLE, session: "demo" };
  makeResources(sandbox.account(area.account), slice, { region: area.region, bucket, deployGroup });

  const store = createLedgerStore({ client: new S3Client(sandbox.clientConfig(operator)), bucket });
  const instances = runInstances(options, area, bucket);
  const lambda = startAreaLambda(options, slice, { area, bucket });
  const scope = { workload: mapping.workload, area: name, account: area.account };

  async function ledger(): Promise<Ledger> {
    const read = await store.readLedger(scope);
    return read.kind === "ledger" ? read.ledger : emptyLedger(scope, new Date(options.clock.now()));
  }

  return {
    name,
    area,
    bucket,
    store,
    tick: (event) => lambda.invoke(event),
    ledger,
    async deployments() {
      const [ended, { deployments }] = await Promise.all([store.listHistory(), ledger()]);
      const known = new Set(ended.map(({ id }) => id));
      const all = [...ended, ...Object.values(deployments).filter(({ id }) => !known.has(id))];
      return all.toSorted((one, other) => one.epoch - other.epoch);
    },
    breakInstance: (id) => sandbox.account(area.account).ec2(area.region).interrupt(id),
    async close() {
      await Promise.all([lambda.close(), instances.close()]);
    },
  };
}

/** The state bucket, the deploy group, and the application groups that the mapping's selectors name. */
function makeResources(account: SandboxAccount, slice: AccountMapping, { region, bucket, deployGroup }: Place): void {
  account.s3.createBucket(bucket, { region, versioning: true, encryption: "AES256", policy: TLS_ONLY });
  makeBystanders(account, slice);
  const scaling = account.autoScaling(region);
  scaling.timings({ reactMs: 100, healthCheckMs: 300, refreshStepMs: 300 });
  account.ec2(region).timings({ bootMs: 150, stopMs: 150, terminateMs: 150, noticeLossMs: 300 });
  scaling.createGroup(deployGroup, { min: 0, max: 1 });
  for (const [image, described] of Object.entries(slice.images)) {
    if (described.kind !== "instance-refresh") continue;
    for (const { name, tags } of applicationGroups(image, described.groups)) {
      if (scaling.group(name) === null) scaling.createGroup(name, { min: 1, max: 4, desired: 2, tags });
    }
  }
}

interface Place {
  readonly region: string;
  readonly bucket: string;
  readonly deployGroup: string;
}

interface ApplicationGroup {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

function applicationGroups(image: string, selector: GroupSelector): readonly ApplicationGroup[] {
  if (selector.kind === "names") return selector.names.map((name) => ({ name, tags: {} }));
  return [{ name: `${image}-asg`, tags: { [selector.key]: selector.includes } }];
}

function startAreaLambda(
  { url, clock, folder, name, searchPath, reporting }: SiteOptions,
  slice: AccountMapping,
  { area, bucket }: { readonly area: Area; readonly bucket: string },
): LambdaFunction {
  return startLambda({
    clock,
    log: openLogFile(folder, `${name}-lambda.log`),
    environment: {
      PATH: searchPath,
      AWS_REGION: area.region,
      AWS_ENDPOINT_URL: url,
      ...credentials(area.account, LAMBDA_ROLE, name),
      WINDLASS_AREA: name,
      WINDLASS_MAPPING: JSON.stringify(formatMapping(slice)),
      LOG_LEVEL: "debug",
      WINDLASS_STATE_BUCKET: bucket,
      WINDLASS_DEPLOY_GROUP: areaNames(area).deployGroup,
      ...reporting.environmentFor(area),
    },
  });
}

/** Runs the real runner on every instance of the deploy group, for as long as the instance is there. */
function runInstances(options: SiteOptions, area: Area, bucket: string): { close(): Promise<void> } {
  const { sandbox, name, clock, folder, engine } = options;
  const ec2 = sandbox.account(area.account).ec2(area.region);
  const running = new Map<string, RunnerProcess>();
  const gone = new Set<string>();

  async function run(instanceId: string): Promise<void> {
    const end = await engine.admit();
    if (gone.has(instanceId)) return end();
    const environment = runnerEnvironment(options, { area, bucket, instanceId });
    const logFile = `${folder}/${name}-${instanceId}.log`;
    const runner = startRunner({ environment, clockOffset: clock.offset(), logFile });
    running.set(instanceId, runner);
    await runner.ended;
    end();
  }

  const stopListening = ec2.onInstance({
    booted({ instanceId, tags }) {
      if (tags?.["aws:autoscaling:groupName"] === areaNames(area).deployGroup) void run(instanceId);
    },
    terminating({ instanceId, tags }, { abrupt }) {
      gone.add(instanceId);
      const runner = running.get(instanceId);
      if (!abrupt) return runner?.stop();
      runner?.destroy();
      engine.destroy(tags?.["windlass:deployment"] ?? instanceId);
    },
  });
  return {
    async close() {
      stopListening();
      for (const runner of running.values()) runner.destroy();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

function runnerEnvironment(
  { url, name, folder, engine, searchPath }: SiteOptions,
  { area, bucket, instanceId }: { readonly area: Area; readonly bucket: string; readonly instanceId: string },
): Readonly<Record<string, string>> {
  return {
    PATH: searchPath,
    HOME: folder,
    AWS_REGION: area.region,
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/_instance/${instanceId}`,
    ...credentials(area.account, INSTANCE_ROLE, instanceId),
    WINDLASS_AREA: name,
    WINDLASS_ACCOUNT: area.account,
    WINDLASS_STATE_BUCKET: bucket,
    WINDLASS_DEPLOY_GROUP: areaNames(area).deployGroup,
    WINDLASS_WORK_DIRECTORY: `${folder}/work/${instanceId}`,
    ...engine.environmentFor(area.account),
  };
}

function credentials(account: string, role: string, session: string): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: `${account}.${role}.${session}`,
    AWS_SECRET_ACCESS_KEY: "sandbox",
    AWS_SESSION_TOKEN: "sandbox",
  };
}
