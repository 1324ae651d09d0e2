import { AwsFault } from "../core/service.ts";

export type SnsInput = Readonly<Record<string, unknown>>;

export function textOf(input: SnsInput, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" ? value : undefined;
}

/** https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html */
export function invalidSns(what: string): AwsFault {
  return new AwsFault("InvalidParameter", `Invalid parameter: ${what}`);
}
