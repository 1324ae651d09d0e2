import { matchesWildcard } from "../ecr/wildcard.ts";
import { ec2Form, invalidValue } from "./ec2-fault.ts";
import type { FormInput } from "./form-reader.ts";

/** The texts that a filter of that name compares with; undefined where there is no such filter. */
export type FilterValues<T> = (name: string, item: T) => readonly string[] | undefined;

/** All filters must hold, each with any of its values, which may have wildcards (EC2 guide, "Filter your resources"). */
export function readFilters<T>(input: FormInput, values: FilterValues<T>): (item: T) => boolean {
  const filters = (ec2Form.structures(input, "Filter") ?? []).map((filter) => ({
    name: ec2Form.text(filter, "Name"),
    patterns: ec2Form.texts(filter, "Value") ?? [],
  }));
  return (item) =>
    filters.every(({ name, patterns }) => {
      const actual = values(name, item);
      if (actual === undefined) throw invalidValue(`The filter '${name}' is invalid`);
      return actual.some((value) => patterns.some((pattern) => matchesWildcard(pattern, value)));
    });
}
