/** The parts of Terraform's state that say whether one follows from another: https://developer.hashicorp.com/terraform/language/state/backends */
interface StateHead {
  readonly serial: number;
  readonly lineage: string;
}

/**
 * Whether what a deployment leaves behind can be the state that follows the one it began with. Returns what speaks
 * against it; null: nothing.
 */
export function compareStates(before: Uint8Array | null, after: Uint8Array | null): string | null {
  if (after === null) return before === null ? null : "the state is gone";
  const left = readHead(after);
  if (left === null) return "what is there is no whole state";
  const first = before === null ? null : readHead(before);
  if (first === null) return null;
  if (left.lineage !== first.lineage) return `its lineage is ${left.lineage}, not ${first.lineage}`;
  if (left.serial < first.serial) return `its serial went back from ${first.serial} to ${left.serial}`;
  return null;
}

/** Null where the text is no state, or not the whole of one. */
function readHead(content: Uint8Array): StateHead | null {
  try {
    const state = JSON.parse(Buffer.from(content).toString("utf8")) as Partial<StateHead> | null;
    if (typeof state?.serial !== "number" || typeof state.lineage !== "string") return null;
    return { serial: state.serial, lineage: state.lineage };
  } catch {
    return null;
  }
}
