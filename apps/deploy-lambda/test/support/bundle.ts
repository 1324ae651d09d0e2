import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { TickSummary } from "../../src/summary.ts";
import { sliceWith } from "./mapping.ts";
import { area, bucket, deployGroup, region } from "./names.ts";

const bundle = fileURLToPath(new URL("../../dist/handler.mjs", import.meta.url));
const invoker = fileURLToPath(new URL("./invoke-bundle.mjs", import.meta.url));

export const isBuilt = existsSync(bundle);
/** For the title of a suite: says why it is skipped, where it is. */
export const bundleTitle = isBuilt ? "the built bundle" : "the built bundle (skipped: run the build first)";

export interface Invocation {
  readonly summary?: TickSummary;
  readonly errorMessage?: string;
  /** Log lines. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The function's environment as Lambda would set it, with AWS at another address. Its window is always open. */
export function bundleEnvironment(endpoint: string, credentials: Credentials): Record<string, string> {
  const slice = sliceWith({ "dga-network": { kind: "terraform" } });
  const { [area]: only } = slice["areas"] as Readonly<Record<string, object>>;
  const open = { ...only, window: { days: "MON-SUN", hours: "00:00-24:00" } };
  return {
    WINDLASS_AREA: area,
    WINDLASS_MAPPING: JSON.stringify({ ...slice, areas: { [area]: open } }),
    WINDLASS_STATE_BUCKET: bucket,
    WINDLASS_DEPLOY_GROUP: deployGroup,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
  };
}

/** Runs one tick of the built bundle in a process of its own, with nothing in its environment but what is given. */
export async function invokeBundle(env: Readonly<Record<string, string>>): Promise<Invocation> {
  const { stdout } = await promisify(execFile)(process.execPath, [invoker, pathToFileURL(bundle).href], { env });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { ...(lines.at(-1) as Omit<Invocation, "log">), log: lines.slice(0, -1) };
}
