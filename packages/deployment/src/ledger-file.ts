import type * as z from "zod";
import { DeploymentError } from "./deployment-error.ts";
import { toInstant } from "./identifiers.ts";
import { LEDGER_SCHEMA, type Ledger, ledgerSchema } from "./ledger.ts";
import { newDelivery } from "./write-allowance.ts";

/** Which ledger a tick may work with. */
export interface LedgerScope {
  readonly workload: string;
  readonly area: string;
  /** The area's AWS account. */
  readonly account: string;
}

const RESTORE_HINT =
  "the bucket keeps earlier versions of ledger.json: compare them, and restore the last good one; Windlass never replaces a ledger that it can not read";

/** A ledger in which nothing has happened yet. */
export function emptyLedger(scope: LedgerScope, now: Date): Ledger {
  return {
    schema: LEDGER_SCHEMA,
    workload: scope.workload,
    area: scope.area,
    account: scope.account,
    epoch: 0,
    images: {},
    deployments: {},
    appliedControls: {},
    strays: {},
    launchFailureSeen: null,
    pause: null,
    reports: {},
    delivery: newDelivery(now),
    updatedAt: toInstant(now),
  };
}

/** `ledger.json` as people read it: indented, ending in a line feed. */
export function serializeLedger(ledger: Ledger): string {
  return `${JSON.stringify(ledger, null, 2)}\n`;
}

/**
 * Reads `ledger.json`. Throws a `DeploymentError`: `ledger-unreadable`, `ledger-newer`, `ledger-invalid` or
 * `ledger-foreign`. Unknown keys are refused: what this version can not keep, it must not drop.
 */
export function parseLedger(text: string, scope: LedgerScope): Ledger {
  const value = parseJson(text);
  refuseNewerSchema(value);
  const parsed = ledgerSchema.safeParse(value);
  if (!parsed.success) {
    throw new DeploymentError({
      code: "ledger-invalid",
      message: "the ledger is not valid",
      where: "ledger.json",
      found: listIssues(parsed.error),
      hint: RESTORE_HINT,
    });
  }
  refuseForeign(parsed.data, scope);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeploymentError({
      code: "ledger-unreadable",
      message: "the ledger is not JSON",
      where: "ledger.json",
      found: text.length === 0 ? "an empty object" : `${text.length} characters that do not parse`,
      hint: RESTORE_HINT,
      cause,
    });
  }
}

function refuseNewerSchema(value: unknown): void {
  if (typeof value !== "object" || value === null || !("schema" in value)) return;
  const { schema } = value;
  if (typeof schema !== "number" || schema <= LEDGER_SCHEMA) return;
  throw new DeploymentError({
    code: "ledger-newer",
    message: "the ledger was written by a newer Windlass",
    where: "ledger.json",
    expected: `schema ${LEDGER_SCHEMA}`,
    found: `schema ${schema}`,
    hint: "deploy the newer deploy Lambda to this area again",
  });
}

function refuseForeign(ledger: Ledger, scope: LedgerScope): void {
  const found = `${ledger.workload}/${ledger.area} in account ${ledger.account}`;
  const expected = `${scope.workload}/${scope.area} in account ${scope.account}`;
  if (found === expected) return;
  throw new DeploymentError({
    code: "ledger-foreign",
    message: "the ledger belongs to another area",
    where: "ledger.json",
    expected,
    found,
    hint: "check the Lambda's WINDLASS_STATE_BUCKET, WINDLASS_AREA and WINDLASS_MAPPING",
  });
}

function listIssues(error: z.ZodError): string {
  const shown = error.issues.slice(0, 5).map((issue) => `${issue.path.join(".") || "(root)"}: ${issue.message}`);
  const more = error.issues.length - shown.length;
  return more > 0 ? `${shown.join("; ")}; and ${more} more` : shown.join("; ");
}
