import {
  assignmentSchema,
  cancelSchema,
  claimSchema,
  controlSchema,
  leaseSchema,
  resultSchema,
} from "@windlass/deployment";
import { type ParsedRecord, parseRecord } from "@windlass/ledger-store";
import { isSameJson, saysAllOf } from "../same-json.ts";
import { ASSIGNMENT, CANCEL, CLAIMS, CONTROLS, LEASE, RESULTS } from "../seeds/record-seeds.ts";
import { type FuzzTarget, promise, type Verdict } from "../target.ts";

interface RecordReader {
  readonly name: string;
  readonly seeds: readonly [object, ...object[]];
  parse(text: string): ParsedRecord<unknown>;
}

const READERS: readonly RecordReader[] = [
  { name: "assignment", seeds: [ASSIGNMENT], parse: (text) => parseRecord(text, assignmentSchema) },
  { name: "cancel", seeds: [CANCEL], parse: (text) => parseRecord(text, cancelSchema) },
  { name: "claim", seeds: [...CLAIMS], parse: (text) => parseRecord(text, claimSchema) },
  { name: "lease", seeds: [LEASE], parse: (text) => parseRecord(text, leaseSchema) },
  { name: "result", seeds: [...RESULTS], parse: (text) => parseRecord(text, resultSchema) },
  { name: "control", seeds: [...CONTROLS], parse: (text) => parseRecord(text, controlSchema) },
];

/** The records that other programs, other versions and people leave in the state bucket. */
export const recordTargets: readonly FuzzTarget[] = READERS.map((reader) => ({
  name: reader.name,
  seeds: asTexts(reader.seeds),
  shape: "text",
  guidedBy: "packages/",
  open: () => (text) => checkRecord(reader, text),
}));

function checkRecord({ parse }: RecordReader, text: string): Verdict {
  const parsed = parse(text);
  if (parsed.kind === "invalid") {
    promise(parsed.problem !== "", "a refusal says why");
    promise(parsed.problem.length <= 4000 + text.length, "a refusal is of bounded length", parsed.problem.length);
    return "refused";
  }
  const stored = parsed.value;
  promise(saysAllOf(stored, JSON.parse(text)), "nothing of an accepted record is dropped or changed", text);
  const again = parse(JSON.stringify(stored));
  promise(isSameJson(again, parsed), "a record is read again from what is written", stored);
  return "accepted";
}

/** The seeds of a reader as text, the first of them also as people see it. */
export function asTexts([first, ...others]: readonly [object, ...object[]]): readonly [string, ...string[]] {
  return [JSON.stringify(first), JSON.stringify(first, null, 2), ...others.map((value) => JSON.stringify(value))];
}
