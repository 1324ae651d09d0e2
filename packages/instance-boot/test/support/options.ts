import type { BootOptions } from "../../src/boot-options.ts";

export const ACCOUNT = "333333333333";
export const REGION = "ap-southeast-2";
export const BUCKET = `windlass-state-${ACCOUNT}`;
export const ASSETS = `windlass-assets-${ACCOUNT}`;
export const GROUP = "windlass-deploy";
export const DEPLOYMENT = "20261124t090000z-7";

export function someOptions(change: Partial<BootOptions> = {}): BootOptions {
  return {
    area: "staging",
    account: ACCOUNT,
    region: REGION,
    stateBucket: BUCKET,
    deployGroup: GROUP,
    applyRole: `arn:aws:iam::${ACCOUNT}:role/windlass-apply`,
    architecture: "x86_64",
    engine: "docker",
    runner: { bucket: ASSETS, key: "runner/1.0.0.mjs", sha256: "ab".repeat(32) },
    node: { bucket: ASSETS, key: "node/24.21.0-x86_64.tar.gz", sha256: "cd".repeat(32) },
    release: "2023.9.20251117",
    hardLimitSeconds: 7200,
    ...change,
  };
}
