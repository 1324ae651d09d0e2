import { BootError } from "./boot-error.ts";
import type { BootFile, BootOptions } from "./boot-options.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly expected: string;
}

/**
 * None of these lets a quote, a backslash, a space, a line break or anything but plain ASCII through: no value can mean
 * something to the shell, to systemd or to JSON.
 */
const RULES = {
  area: { pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, expected: "the name of an area" },
  account: { pattern: /^\d{12}$/, expected: "12 digits" },
  region: { pattern: /^[a-z]{2,}(?:-[a-z]+)+-\d+$/, expected: "a Region such as ap-southeast-2" },
  bucket: { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, expected: "the name of an S3 bucket" },
  key: { pattern: /^[A-Za-z0-9][A-Za-z0-9!_.*()/-]{0,1023}$/, expected: "a key of S3's safe characters" },
  sha256: { pattern: /^[0-9a-f]{64}$/, expected: "64 hexadecimal digits" },
  deployGroup: { pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/, expected: "letters, digits and . _ / -" },
  applyRole: {
    pattern: /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[A-Za-z0-9+=,.@_/-]{1,576}$/,
    expected: "the ARN of a role",
  },
  architecture: { pattern: /^(?:x86_64|arm64)$/, expected: "x86_64 or arm64" },
  engine: { pattern: /^(?:docker|podman)$/, expected: "docker or podman" },
  release: { pattern: /^2023\.\d{1,3}\.\d{8}$/, expected: "a release such as 2023.9.20251117, or null" },
  hardLimitSeconds: { pattern: /^[1-9]\d{0,6}$/, expected: "whole seconds, from 1 to 9999999" },
} as const satisfies Record<string, Rule>;

/** @throws BootError `option-invalid`, which names every option that is wrong. */
export function checkOptions(options: BootOptions): void {
  const problems = [
    ...check("area", options.area, RULES.area),
    ...check("account", options.account, RULES.account),
    ...check("region", options.region, RULES.region),
    ...check("stateBucket", options.stateBucket, RULES.bucket),
    ...check("deployGroup", options.deployGroup, RULES.deployGroup),
    ...check("applyRole", options.applyRole, RULES.applyRole),
    ...check("architecture", options.architecture, RULES.architecture),
    ...check("engine", options.engine, RULES.engine),
    ...checkFile("runner", options.runner),
    ...checkFile("node", options.node),
    ...(options.release === null ? [] : check("release", options.release, RULES.release)),
    ...check("hardLimitSeconds", String(options.hardLimitSeconds), RULES.hardLimitSeconds),
  ];
  if (problems.length === 0) return;
  throw new BootError({
    code: "option-invalid",
    message: `the options of the boot script have ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: ${problems.join("; ")}`,
    hint: "give values that are known when the script is rendered, not a template's placeholders",
  });
}

function checkFile(name: string, { bucket, key, sha256 }: BootFile): readonly string[] {
  return [
    ...check(`${name}.bucket`, bucket, RULES.bucket),
    ...check(`${name}.key`, key, RULES.key),
    ...check(`${name}.sha256`, sha256, RULES.sha256),
  ];
}

/** The end of a JavaScript pattern is the end of the text, so that no line break hides behind it. */
function check(name: string, value: string, { pattern, expected }: Rule): readonly string[] {
  return pattern.test(value) ? [] : [`${name}: expected ${expected}, found ${JSON.stringify(value)}`];
}
