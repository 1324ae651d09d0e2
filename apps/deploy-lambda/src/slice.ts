import { type AccountMapping, checkMapping, describeProblem, MappingError, onlyArea } from "@windlass/account-mapping";
import { describeError } from "@windlass/windlass-error";

export type ParsedSlice =
  | { readonly kind: "slice"; readonly slice: AccountMapping }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

interface SliceOrigin {
  /** The area that must be the slice's only one; undefined where that is not known. */
  readonly area: string | undefined;
  /** Variable or object, for messages. */
  readonly where: string;
}

/** Reads an area's slice of the account mapping; every problem is told, with its path in the JSON. */
export function parseSlice(text: string, origin: SliceOrigin): ParsedSlice {
  const value = parseJson(text);
  if (value === undefined) return { kind: "invalid", problems: [`${origin.where} is malformed: it is not JSON`] };
  try {
    const slice = checkMapping(value, { file: origin.where });
    const { name } = onlyArea(slice);
    if (origin.area === undefined || name === origin.area) return { kind: "slice", slice };
    const problem = `${origin.where} is of another area: expected ${origin.area} (WINDLASS_AREA), found ${name}`;
    return { kind: "invalid", problems: [problem] };
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    const problems = error.problems.map(describeProblem);
    return { kind: "invalid", problems: problems.length > 0 ? problems : [describeError(error)] };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
