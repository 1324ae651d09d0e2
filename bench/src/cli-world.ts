import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountMapping, areaNames, onlyArea, parseMapping, sliceForArea } from "@windlass/account-mapping";
import {
  emptyLedger,
  type HeadReading,
  type Ledger,
  parseImageDigest,
  planTick,
  serializeLedger,
  toInstant,
} from "@windlass/deployment";
import { createSandbox } from "@windlass/sandbox";

export interface CliWorldSize {
  readonly areas: number;
  /** In each of them. */
  readonly images: number;
  readonly latencyMs: number;
}

/** A served sandbox with areas in each of which one image deploys and all others wait, and what finds it. */
export interface CliWorld {
  readonly env: Readonly<Record<string, string>>;
  /** Calls of S3 since the last time that this was asked. */
  takeS3Calls(): number;
  close(): Promise<void>;
}

export async function openCliWorld(size: CliWorldSize): Promise<CliWorld> {
  const folder = mkdtempSync(join(tmpdir(), "windlass-bench-"));
  const text = mappingText(size);
  const mapping = parseMapping(text);
  writeFileSync(join(folder, "windlass.yaml"), text);
  writeFileSync(join(folder, "config"), "");
  writeFileSync(join(folder, "credentials"), credentialsText(mapping));
  const sandbox = createSandbox({ region: mapping.registry.region });
  for (const name of Object.keys(mapping.areas)) {
    const slice = sliceForArea(mapping, name);
    const { area } = onlyArea(slice);
    const { s3 } = sandbox.account(area.account);
    const { stateBucket } = areaNames(area);
    s3.createBucket(stateBucket, { versioning: true });
    s3.write(stateBucket, "ledger.json", serializeLedger(busyLedger(slice, name)));
  }
  const { url, close } = await sandbox.listen();
  sandbox.faults.add({ kind: "latency", ms: size.latencyMs });
  const profiles = Object.keys(mapping.areas).map((name) => [`WINDLASS_PROFILE_${name.toUpperCase()}`, name] as const);
  return {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      AWS_ENDPOINT_URL: url,
      AWS_CONFIG_FILE: join(folder, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
      WINDLASS_MAPPING: join(folder, "windlass.yaml"),
      ...Object.fromEntries(profiles),
    },
    takeS3Calls() {
      const calls = Object.entries(sandbox.calls.count()).filter(([action]) => action.startsWith("s3:"));
      sandbox.calls.clear();
      return calls.reduce((sum, [, count]) => sum + count, 0);
    },
    async close() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}

function mappingText({ areas, images }: CliWorldSize): string {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  const area = (index: number) =>
    `  area${index}: { branch: branch-${index}, account: "${333333333300 + index}", window: { days: MON-SUN, hours: "00:00-24:00" } }`;
  const image = (index: number) => `  image-${String(index).padStart(3, "0")}: { kind: terraform }`;
  return `version: 1
workload: bench
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
${range(areas).map(area).join("\n")}
images:
${range(images).map(image).join("\n")}
`;
}

function credentialsText({ areas }: AccountMapping): string {
  return Object.entries(areas)
    .map(([name, { account }]) => `[${name}]\naws_access_key_id = ${account}\naws_secret_access_key = sandbox\n`)
    .join("\n");
}

function busyLedger(slice: AccountMapping, name: string): Ledger {
  const now = new Date();
  const scope = { workload: slice.workload, area: name, account: onlyArea(slice).area.account };
  const heads = Object.keys(slice.images).map((image, index): readonly [string, HeadReading] => {
    const digest = parseImageDigest(`sha256:${String(index).padStart(64, "0")}`);
    return [
      image,
      { kind: "head", head: { digest, commit: String(index).padStart(40, "0"), pushedAt: toInstant(now) } },
    ];
  });
  const observation = {
    heads: Object.fromEntries(heads),
    group: { kind: "group", desired: 0, instances: [], suspendedProcesses: [], deploymentTag: null },
    controls: { kind: "controls", controls: [] },
    runs: {},
    instances: {},
    launchFailures: [],
    groups: {},
    refreshes: {},
  } as const;
  return planTick(emptyLedger(scope, now), observation, slice, now).ledger;
}
