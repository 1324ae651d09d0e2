import { isDeepStrictEqual } from "node:util";
import {
  type AccountMapping,
  checkMapping,
  formatMapping,
  headSource,
  MappingError,
  onlyArea,
  parseMapping,
  resolveAccount,
  resolveBranch,
  sliceForArea,
} from "@windlass/account-mapping";
import { MAPPING_SEEDS } from "../seeds/mapping-seeds.ts";
import { type FuzzTarget, promise, type Verdict } from "../target.ts";

/** The account mapping as text: YAML and JSON, with what YAML has beyond JSON. */
export const mappingTarget: FuzzTarget = {
  name: "mapping",
  seeds: MAPPING_SEEDS,
  shape: "text",
  guidedBy: "packages/account-mapping/",
  open: () => checkText,
};

function checkText(text: string): Verdict {
  const asText = read(() => parseMapping(text), text);
  const value = parseJson(text);
  if (value !== undefined) {
    const asValue = read(() => checkMapping(value.json), null);
    // JSON.parse keeps the last of two equal keys, which the text is refused for: there alone the two may differ.
    promise(asText === null || asValue !== null, "JSON is accepted as text and refused as a value");
    promise(
      asText === null || isDeepStrictEqual(asText, asValue),
      "JSON means one thing as text and another as a value",
    );
  }
  if (asText === null) return "refused";
  checkAccepted(asText);
  return "accepted";
}

function read(parse: () => AccountMapping, text: string | null): AccountMapping | null {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    promise(error.code === "invalid-mapping", "a refusal has the code invalid-mapping", error.code);
    promise(error.problems.length > 0, "a refusal names at least one problem");
    if (text !== null) checkPlaces(error, text);
    return null;
  }
}

function checkPlaces({ problems, message }: MappingError, text: string): void {
  const lines = text.split(/\r\n|\n|\r/).length;
  for (const { line, column } of problems) {
    promise(line !== null && line >= 1 && line <= lines, "a problem's line is one of the file", { line, lines });
    promise(
      column !== null && column >= 1 && column <= text.length + 1,
      "a problem's column is one of the file",
      column,
    );
  }
  // What it says is bounded by what it read.
  promise(
    message.length <= 20_000 + 600 * (problems.length + text.length),
    "a refusal is of bounded length",
    message.length,
  );
}

function checkAccepted(mapping: AccountMapping): void {
  const written = formatMapping(mapping);
  promise(
    isDeepStrictEqual(checkMapping(written), mapping),
    "a mapping is read again from what formatMapping writes",
    written,
  );
  promise(
    isDeepStrictEqual(parseMapping(JSON.stringify(written)), mapping),
    "a mapping is read again from the text of what formatMapping writes",
    written,
  );
  const heads = new Set<string>();
  const areas = Object.entries(mapping.areas);
  const images = Object.keys(mapping.images);
  promise(areas.length > 0, "a mapping has an area");
  for (const [name, area] of areas) {
    promise(/^\d{12}$/.test(area.account), "an account has twelve digits", area.account);
    promise(
      isDeepStrictEqual(resolveBranch(mapping, area.branch), { kind: "area", name, area }),
      "a branch leads to its area",
    );
    promise(
      isDeepStrictEqual(resolveAccount(mapping, area.account), { kind: "area", name, area }),
      "an account leads to its area",
    );
    promise(onlyArea(sliceForArea(mapping, name)).name === name, "an area has a slice");
    promise(
      isDeepStrictEqual(checkMapping(formatMapping(sliceForArea(mapping, name))), sliceForArea(mapping, name)),
      "a slice is a mapping",
    );
    for (const image of images) heads.add(JSON.stringify(headSource(mapping, name, image)));
  }
  promise(heads.size === areas.length * images.length, "no two heads are in one place");
  for (const { after } of Object.values(mapping.images)) {
    promise(
      after.every((name) => Object.hasOwn(mapping.images, name)),
      "an image comes after images that there are",
      after,
    );
  }
}

function parseJson(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
