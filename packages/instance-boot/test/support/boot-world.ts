import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AutoScalingClient,
  SetInstanceProtectionCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { type Claim, claimSchema, type Result, resultSchema } from "@windlass/deployment";
import { createSandbox, type Sandbox, type SandboxAccount } from "@windlass/sandbox";
import { expect } from "vitest";
import type { BootFile, BootOptions } from "../../src/boot-options.ts";
import { renderUserData } from "../../src/render-user-data.ts";
import { type BootMachine, createMachine, packNode, type Ran, serveAt, sha256 } from "./boot-machine.ts";
import { ACCOUNT, ASSETS, BUCKET, DEPLOYMENT, GROUP, REGION, someOptions } from "./options.ts";

/** For `expect.poll`: a busy machine takes its time. */
export const PATIENCE = { timeout: 60_000 };
const RUNNER = "// the runner\n";

/** An area with a deploy group, and the machine of the instance that it has launched. */
export interface BootWorld {
  readonly sandbox: Sandbox;
  readonly account: SandboxAccount;
  readonly instance: string;
  readonly machine: BootMachine;
  /** What cloud-init does with the user data. */
  boot(change?: Partial<BootOptions>): Promise<Ran>;
  /** What systemd does when the runner has ended. */
  leave(serviceResult: string): Promise<Ran>;
  /** Replaces Node in the bucket by a program of these lines. */
  storeNode(lines: string): BootFile;
  protect(): Promise<void>;
  /** What the runner does last. */
  terminate(): Promise<void>;
  claim(): Claim | null;
  result(): Result | null;
  desired(): number | undefined;
  /** The instances of the group that are not on their way out. */
  staying(): readonly string[];
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Null: none. */
  readonly tag?: string | null;
  readonly max?: number;
}

export async function openBootWorld({ tag = DEPLOYMENT, max = 1 }: WorldOptions = {}): Promise<BootWorld> {
  const root = mkdtempSync(join(tmpdir(), "windlass-boot-"));
  const sandbox = createSandbox({ region: REGION });
  const account = sandbox.account(ACCOUNT);
  for (const bucket of [BUCKET, ASSETS]) account.s3.createBucket(bucket, { versioning: true });
  const instance = await launch(account, { tag, max });
  const scaling = new AutoScalingClient(sandbox.clientConfig({ account: ACCOUNT, role: "deploy-instance" }));
  const machine = createMachine(root);
  const options = storeFiles(account, root);
  writeFileSync(join(root, "user-data"), renderUserData(options));
  const aws = await sandbox.listen();
  const metadata = await sandbox.listenMetadata(instance);
  const servers = [
    await serveAt(join(root, "aws.sock"), aws.url),
    await serveAt(join(root, "metadata.sock"), metadata.url),
  ];
  const read = (name: string) => account.s3.read(BUCKET, `runs/${DEPLOYMENT}/${name}`)?.text;
  const parse = <T>(text: string | undefined, schema: { parse(value: unknown): T }): T | null =>
    text === undefined ? null : schema.parse(JSON.parse(text));
  return {
    sandbox,
    account,
    instance,
    machine,
    boot(change = {}) {
      writeFileSync(join(root, "user-data"), renderUserData({ ...options, ...change }));
      return machine.run([join(root, "user-data")]);
    },
    leave: (serviceResult) => machine.run([join(root, "user-data"), "leave"], { SERVICE_RESULT: serviceResult }),
    storeNode: (lines) => storeNode(account, root, lines),
    async protect() {
      const member = { AutoScalingGroupName: GROUP, InstanceIds: [instance], ProtectedFromScaleIn: true };
      await scaling.send(new SetInstanceProtectionCommand(member));
    },
    async terminate() {
      const member = { InstanceId: instance, ShouldDecrementDesiredCapacity: true };
      await scaling.send(new TerminateInstanceInAutoScalingGroupCommand(member));
    },
    claim: () => parse(read("claim.json"), claimSchema),
    result: () => parse(read("result.json"), resultSchema),
    desired: () => account.autoScaling().group(GROUP)?.desired,
    staying: () =>
      (account.autoScaling().group(GROUP)?.instances ?? [])
        .filter(({ lifecycle }) => lifecycle !== "Terminating")
        .map(({ id }) => id),
    async close() {
      for (const server of servers) await new Promise((resolve) => server.close(resolve));
      await metadata.close();
      await aws.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function launch(account: SandboxAccount, { tag, max }: { tag: string | null; max: number }): Promise<string> {
  account.ec2().timings({ bootMs: 1, terminateMs: 60_000 });
  account.autoScaling().timings({ reactMs: 0, healthCheckMs: 0 });
  account.ec2().createLaunchTemplate("deploy-instance", { metadataTags: true, profile: "deploy-instance" });
  account.autoScaling().createGroup(GROUP, { max, launchTemplate: "deploy-instance" });
  account.autoScaling().tag(GROUP, "windlass:deployment", tag);
  account.autoScaling().setDesiredCapacity(GROUP, 1);
  const first = () => account.autoScaling().group(GROUP)?.instances[0];
  await expect.poll(() => first()?.lifecycle, PATIENCE).toBe("InService");
  return first()?.id ?? "none";
}

function storeFiles(account: SandboxAccount, root: string): BootOptions {
  const { runner } = someOptions();
  account.s3.write(ASSETS, runner.key, RUNNER);
  return someOptions({ runner: { ...runner, sha256: sha256(RUNNER) }, node: storeNode(account, root) });
}

function storeNode(account: SandboxAccount, root: string, lines?: string): BootFile {
  const { bytes, sha256: hash } = packNode(root, lines);
  const { node } = someOptions();
  account.s3.write(ASSETS, node.key, bytes);
  return { ...node, sha256: hash };
}
