import {
  type AccountMapping,
  type Image,
  listWords,
  type ResolvedArea,
  resolveArea,
  suggest,
} from "@windlass/account-mapping";
import { CliError, type CliErrorCode } from "./cli-error.ts";

/** The area of this name. Throws `unknown-area`, with what there is. */
export function requireArea(mapping: AccountMapping, name: string): ResolvedArea {
  const resolved = resolveArea(mapping, name);
  if (resolved.kind === "area") return resolved;
  throw unknownName({ code: "unknown-area", what: "area", name, known: resolved.known });
}

/** The areas that are meant: one, or all in the mapping's order. */
export function chooseAreas(mapping: AccountMapping, name: string | undefined): readonly ResolvedArea[] {
  const names = name === undefined ? Object.keys(mapping.areas) : [name];
  return names.map((one) => requireArea(mapping, one));
}

/** The image of this name. Throws `unknown-image`, with what there is. */
export function requireImage({ images }: AccountMapping, name: string): Image {
  const image = Object.hasOwn(images, name) ? images[name] : undefined;
  if (image !== undefined) return image;
  throw unknownName({ code: "unknown-image", what: "image", name, known: Object.keys(images) });
}

export interface UnknownName {
  readonly code: Extract<CliErrorCode, `unknown-${string}`>;
  readonly what: string;
  readonly name: string;
  readonly known: readonly string[];
}

/** More names than this help nobody. */
const MOST_NAMES = 12;

/** A name that is not there: which one was probably meant, and which there are. */
export function unknownName({ code, what, name, known }: UnknownName): CliError {
  const near = suggest(name, known);
  const more = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : "";
  return new CliError({
    code,
    message: `there is no ${what} of this name`,
    expected: known.length === 0 ? undefined : `${listWords(known.slice(0, MOST_NAMES))}${more}`,
    found: JSON.stringify(name),
    hint: near === null ? undefined : `did you mean "${near}"?`,
  });
}
