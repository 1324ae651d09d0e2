import { AwsFault } from "../core/service.ts";
import { ec2Form, invalidValue } from "./ec2-fault.ts";
import type { FormInput } from "./form-reader.ts";

export interface PageLimits {
  readonly least: number;
  readonly most: number;
}

/** The page of a list that `MaxResults` and `NextToken` ask for. */
export function readPage<T>(items: readonly T[], input: FormInput, { least, most }: PageLimits) {
  const size = ec2Form.optionalInteger(input, "MaxResults");
  if (size !== undefined && (size < least || size > most)) {
    const expected = `Expecting a value between ${least} and ${most}.`;
    throw invalidValue(`Value ( ${size} ) for parameter maxResults is invalid. ${expected}`);
  }
  const token = ec2Form.optionalText(input, "NextToken");
  const start = token === undefined ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new AwsFault("InvalidNextToken", "The token is not valid");
  const end = start + (size ?? most);
  return { items: items.slice(start, end), nextToken: end < items.length ? `page-${end}` : undefined };
}
