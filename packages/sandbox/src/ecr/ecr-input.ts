import { invalidParameter } from "./ecr-fault.ts";

type Input = Readonly<Record<string, unknown>>;

export interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalidParameter(name, "must be a string");
  return value;
}

export function requiredText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") throw invalidParameter(name, "Member must not be null");
  return value;
}

/** Undefined where the list is not given at all. */
export function optionalList(input: Input, name: string): readonly unknown[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalidParameter(name, "must be a list");
  return value;
}

/** A list of texts; with `max`, of 1 to that many. */
export function textList(input: Input, name: string, max?: number): readonly string[] | undefined {
  const list = optionalList(input, name);
  if (list === undefined) return undefined;
  if (max !== undefined) requireLength(name, list.length, max);
  return list.map((item) => {
    if (typeof item !== "string") throw invalidParameter(name, "must be a list of strings");
    return item;
  });
}

/** Image ids: 1 to 100 of them, as every ECR action that takes them says. */
export function imageIdList(input: Input): readonly ImageId[] | undefined {
  const list = optionalList(input, "imageIds");
  if (list === undefined) return undefined;
  requireLength("imageIds", list.length, 100);
  return list.map((item) => readImageId(item, "imageIds"));
}

export function readImageId(value: unknown, name: string): ImageId {
  const id = asObject(value, name);
  const imageDigest = optionalText(id, "imageDigest");
  const imageTag = optionalText(id, "imageTag");
  return { ...(imageDigest === undefined ? {} : { imageDigest }), ...(imageTag === undefined ? {} : { imageTag }) };
}

export function wholeNumber(input: Input, name: string, range: { min: number; max: number }): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < range.min || value > range.max)
    throw invalidParameter(name, `Member must be between ${range.min} and ${range.max}`);
  return value;
}

export function oneOf<T extends string>(input: Input, name: string, allowed: readonly T[]): T | undefined {
  const value = optionalText(input, name);
  if (value === undefined) return undefined;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalidParameter(name, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
  return found;
}

export function asObject(value: unknown, name: string): Input {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalidParameter(name, "must be a structure");
  return value as Input;
}

export function requireLength(name: string, length: number, max: number): void {
  if (length < 1) throw invalidParameter(name, "Member must have length greater than or equal to 1");
  if (length > max) throw invalidParameter(name, `Member must have length less than or equal to ${max}`);
}
