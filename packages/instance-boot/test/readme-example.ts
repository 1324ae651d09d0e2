import { type BootOptions, renderUserData } from "@windlass/instance-boot";

export const options: BootOptions = {
  area: "staging",
  account: "333333333333",
  region: "ap-southeast-2",
  stateBucket: "windlass-state-333333333333",
  deployGroup: "windlass-deploy",
  applyRole: "arn:aws:iam::333333333333:role/windlass-apply",
  architecture: "arm64",
  engine: "docker",
  runner: { bucket: "windlass-assets-333333333333", key: "runner.mjs", sha256: "ab".repeat(32) },
  node: { bucket: "windlass-assets-333333333333", key: "node-arm64.tar.gz", sha256: "cd".repeat(32) },
  release: "2023.9.20251117",
  hardLimitSeconds: 2 * 60 * 60,
};
export const userData = renderUserData(options); // a script for bash; the launch template wants it in base64
