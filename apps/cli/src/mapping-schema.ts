import { mappingJsonSchema } from "@windlass/account-mapping";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { printJson } from "./print-json.ts";

/** `windlass mapping schema`. */
export function printSchema(world: CliWorld): number {
  printJson(world, mappingJsonSchema());
  return exitCode.ok;
}
