/** The parts of Terraform's state that say whether one follows from another: https://developer.hashicorp.com/terraform/language/state/backends */
interface StateHead {
  readonly serial: number;
  readonly lineage: string;
}

/** The oldest that may have written a state of this form, so that no Terraform takes it for one of a newer version. */
const FIRST_VERSION = "0.12.0";

/**
 * Whether what a deployment leaves behind can be the state that follows the one it began with. Returns what speaks
 * against it; null: nothing.
 */
export function compareStates(before: Uint8Array | null, after: Uint8Array | null): string | null {
  if (after === null) return before === null ? null : "it is gone";
  const left = readHead(after);
  if (left === null) return "what is there is no whole state";
  if (before === null) return null;
  const first = readHead(before);
  if (first === null) return "what was there before is no whole state";
  if (left.lineage !== first.lineage) return `its lineage is ${left.lineage}, not ${first.lineage}`;
  if (left.serial < first.serial) return `its serial went back from ${first.serial} to ${left.serial}`;
  return null;
}

/**
 * Whether it may tell of resources: also where nobody can read it, such as one that OpenTofu has encrypted. An empty file
 * tells of none.
 */
export function mayHaveResources(content: Uint8Array): boolean {
  if (content.length === 0) return false;
  try {
    const { resources } = JSON.parse(Buffer.from(content).toString("utf8")) as { resources?: unknown };
    return !Array.isArray(resources) || resources.length > 0;
  } catch {
    return true;
  }
}

/** An empty file is none: Terraform would take it for a state without resources. */
export function isWholeState(content: Uint8Array): boolean {
  return readHead(content) !== null;
}

/** A state that says that there is nothing yet; all later ones are of its lineage. */
export function emptyState(lineage: string): Uint8Array {
  const head = { version: 4, terraform_version: FIRST_VERSION, serial: 0, lineage };
  return Buffer.from(`${JSON.stringify({ ...head, outputs: {}, resources: [] }, null, 2)}\n`);
}

/** Null where the text is no state, or not the whole of one. */
function readHead(content: Uint8Array): StateHead | null {
  try {
    const state = JSON.parse(Buffer.from(content).toString("utf8")) as Partial<StateHead> | null;
    if (state === null || typeof state.lineage !== "string") return null;
    const { serial, lineage } = state;
    return typeof serial === "number" && Number.isSafeInteger(serial) ? { serial, lineage } : null;
  } catch {
    return null;
  }
}
