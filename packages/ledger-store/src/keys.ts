import type { Control, DeploymentId, Result } from "@windlass/deployment";
import { LedgerStoreError } from "./ledger-store-error.ts";

/** The steps of a run that leave a log. */
export type LogStep = Result["steps"][number]["step"];

/** What a run may keep beside its records and logs. */
export type RunFile = "plan.json" | "errored.tfstate" | `errored-${number}.tfstate`;

export const LEDGER_KEY = "ledger.json";
export const CONTROLS_PREFIX = "controls/";
export const HISTORY_PREFIX = "history/";
export const RUNS_PREFIX = "runs/";

/** Where Terraform states are kept. */
const STATE_PREFIX = "state/";

const LONGEST_IMAGE = 256;
const LONGEST_STORE_FILE = 200;
/** S3 lists keys in XML, which has no control characters; half a character is none; a backslash is a separator elsewhere. */
const UNSAFE = /[\p{Cc}\p{Cs}\\]/u;

/** Digits of a segment's number: S3 lists keys as text, and 10 must come after 9. */
const SEGMENT_DIGITS = 6;

export function runKey(deployment: DeploymentId, name: RecordName | RunFile): string {
  return `${runPrefix(deployment)}${name}`;
}

export function runPrefix(deployment: DeploymentId): string {
  return `${RUNS_PREFIX}${deployment}/`;
}

export type RecordName = "assignment.json" | "cancel.json" | "claim.json" | "lease.json" | "result.json";

export function logPrefix(deployment: DeploymentId, step: LogStep): string {
  return `${RUNS_PREFIX}${deployment}/${step}/`;
}

export function logKey(segment: { deployment: DeploymentId; step: LogStep; number: number }): string {
  const { deployment, step, number } = segment;
  if (!Number.isInteger(number) || number < 0 || number >= 10 ** SEGMENT_DIGITS) {
    throw new LedgerStoreError({
      code: "argument-invalid",
      message: "no log segment can have this number",
      expected: `a whole number from 0 to ${10 ** SEGMENT_DIGITS - 1}`,
      found: String(number),
    });
  }
  return `${logPrefix(deployment, step)}${String(number).padStart(SEGMENT_DIGITS, "0")}.log`;
}

export function storePrefix(image: string): string {
  return `${STATE_PREFIX}${requireImage(image)}/store/`;
}

/** `a/store/b` would have its state, `state/a/store/b.tfstate`, among the files of `a`; `*` would stand for others, too. */
function requireImage(image: string): string {
  const path = requirePath("image's state", image, LONGEST_IMAGE);
  if (!path.includes("/store/") && /^[A-Za-z0-9._/-]+$/.test(path)) return path;
  throw new LedgerStoreError({
    code: "argument-invalid",
    message: "no state of an image can be kept under this name",
    expected: 'letters, digits and . _ - /, without "/store/"',
    found: JSON.stringify(image),
  });
}

/** `file`: its path within the image's `store/`. */
export function storeKey(image: string, file: string): string {
  return `${storePrefix(image)}${requirePath("file of store/", file, LONGEST_STORE_FILE)}`;
}

/** A path that stays where it is put, as a key and as a file. */
function requirePath(what: string, path: string, longest: number): string {
  const segments = path.split("/");
  const isPath = segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
  if (isPath && path.length <= longest && !UNSAFE.test(path)) return path;
  throw new LedgerStoreError({
    code: "argument-invalid",
    message: `no ${what} can be kept under this name`,
    expected: `a relative path of at most ${longest} characters, without "..", "\\" and control characters`,
    found: JSON.stringify(path),
  });
}

/** Sorts by the time that the control gives, so that a listing is in the order in which people asked. */
export function controlKey(control: Control): string {
  return `${CONTROLS_PREFIX}${control.at.replaceAll(/[-:.]/g, "").toLowerCase()}-${control.id}.json`;
}

/** An id begins with the UTC day of its decision, so it alone says where its record is. */
export function historyKey(deployment: DeploymentId): string {
  return `${historyPrefix(`${deployment.slice(0, 4)}/${deployment.slice(4, 6)}`)}${deployment}.json`;
}

/** `month`: `2026/11`. */
export function historyPrefix(month: string): string {
  if (!/^\d{4}\/(0[1-9]|1[0-2])$/.test(month)) {
    throw new LedgerStoreError({
      code: "argument-invalid",
      message: "not a month of the history",
      expected: "a year and a month such as 2026/11",
      found: month,
    });
  }
  return `${HISTORY_PREFIX}${month}/`;
}
