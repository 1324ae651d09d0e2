import { describeFormValue } from "../core/form.ts";
import type { AwsFault } from "../core/service.ts";

export type FormInput = Readonly<Record<string, unknown>>;

/** How a service of the query kind says that a parameter is missing or wrong. */
export interface FormFaults {
  missing(name: string): AwsFault;
  invalid(name: string, value: string): AwsFault;
}

/** Reads the texts, lists and structures of a decoded form-encoded call. */
export interface FormReader {
  optionalText(input: FormInput, name: string): string | undefined;
  text(input: FormInput, name: string): string;
  optionalInteger(input: FormInput, name: string): number | undefined;
  integer(input: FormInput, name: string): number;
  optionalFlag(input: FormInput, name: string): boolean | undefined;
  flag(input: FormInput, name: string): boolean;
  optionalDate(input: FormInput, name: string): Date | undefined;
  /** Undefined where it is not given at all. */
  texts(input: FormInput, name: string): readonly string[] | undefined;
  structures(input: FormInput, name: string): readonly FormInput[] | undefined;
  structure(input: FormInput, name: string): FormInput | undefined;
}

/** A map, since an object would know `constructor`, too. */
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

export function createFormReader(faults: FormFaults): FormReader {
  function optionalText(input: FormInput, name: string): string | undefined {
    const value = input[name];
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") throw faults.invalid(name, "structure");
    return value;
  }

  function optionalInteger(input: FormInput, name: string): number | undefined {
    return convert(input, name, (value) => (/^-?\d{1,9}$/.test(value) ? Number(value) : undefined));
  }

  function optionalFlag(input: FormInput, name: string): boolean | undefined {
    return convert(input, name, (value) => FLAGS.get(value.toLowerCase()));
  }

  function optionalDate(input: FormInput, name: string): Date | undefined {
    return convert(input, name, (value) => (Number.isNaN(Date.parse(value)) ? undefined : new Date(value)));
  }

  function convert<T>(input: FormInput, name: string, parse: (value: string) => T | undefined): T | undefined {
    const value = optionalText(input, name);
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) throw faults.invalid(name, value);
    return parsed;
  }

  function list(input: FormInput, name: string): readonly unknown[] | undefined {
    const value = input[name];
    if (value === undefined) return undefined;
    // An empty list is sent as a name without a value.
    if (value === "") return [];
    if (!Array.isArray(value)) throw faults.invalid(name, describeFormValue(value));
    return value;
  }

  function required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw faults.missing(name);
    return value;
  }

  return {
    optionalText,
    text: (input, name) => required(name, optionalText(input, name)),
    optionalInteger,
    integer: (input, name) => required(name, optionalInteger(input, name)),
    optionalFlag,
    flag: (input, name) => required(name, optionalFlag(input, name)),
    optionalDate,
    texts: (input, name) =>
      list(input, name)?.map((item) => {
        if (typeof item !== "string") throw faults.invalid(name, "structure");
        return item;
      }),
    structures: (input, name) =>
      list(input, name)?.map((item) => asStructure(item, () => faults.invalid(name, describeFormValue(item)))),
    structure: (input, name) =>
      input[name] === undefined || input[name] === ""
        ? undefined
        : asStructure(input[name], () => faults.invalid(name, describeFormValue(input[name]))),
  };
}

function asStructure(value: unknown, fault: () => AwsFault): FormInput {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault();
  return value as FormInput;
}
