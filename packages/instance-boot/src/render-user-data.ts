import { BootError } from "./boot-error.ts";
import type { BootOptions } from "./boot-options.ts";
import { BOOT_SCRIPT } from "./boot-script.ts";
import { checkOptions } from "./check-options.ts";
import { renderEnvironment } from "./render-environment.ts";
import { renderUnit } from "./render-unit.ts";

/** User data before it is encoded: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const LONGEST_BYTES = 16_384;

/**
 * The user data of a deploy instance, for the launch template: a script for bash on Amazon Linux 2023, below 16 KB and
 * not encoded yet.
 *
 * @throws BootError
 * @example
 * ```ts
 * const userData = UserData.custom(renderUserData(options));
 * ```
 */
export function renderUserData(options: BootOptions): string {
  checkOptions(options);
  return guardLength(`${renderHead(options)}${BOOT_SCRIPT}`);
}

/** @throws BootError `user-data-too-long` */
export function guardLength(script: string): string {
  const bytes = new TextEncoder().encode(script).length;
  if (bytes <= LONGEST_BYTES) return script;
  throw new BootError({
    code: "user-data-too-long",
    message: "EC2 takes no user data of this length",
    expected: `at most ${LONGEST_BYTES} bytes`,
    found: `${bytes} bytes`,
    hint: "shorten the keys of runner and Node",
  });
}

/** Every value that differs between instances, and nothing else. */
function renderHead(options: BootOptions): string {
  const { runner, node } = options;
  const values: Readonly<Record<string, string>> = {
    AREA: options.area,
    ACCOUNT: options.account,
    REGION: options.region,
    STATE_BUCKET: options.stateBucket,
    DEPLOY_GROUP: options.deployGroup,
    // As `uname` says it.
    MACHINE: options.architecture === "arm64" ? "aarch64" : "x86_64",
    ENGINE: options.engine,
    RELEASE: options.release ?? "",
    RUNNER_BUCKET: runner.bucket,
    RUNNER_KEY: runner.key,
    RUNNER_SHA256: runner.sha256,
    NODE_BUCKET: node.bucket,
    NODE_KEY: node.key,
    NODE_SHA256: node.sha256,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${quoteForShell(value)}`);
  return `#!/bin/bash
# Boots a Windlass deploy instance on Amazon Linux 2023. Rendered by @windlass/instance-boot.
set -euo pipefail
${lines.join("\n")}
environment() {
  cat <<'END'
${renderEnvironment(options)}END
}
unit() {
  cat <<'END'
${renderUnit(options)}END
}
`;
}

/** The values have no quotes, or they would not have got here; quoted, they are data to whoever reads the script, too. */
export function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
