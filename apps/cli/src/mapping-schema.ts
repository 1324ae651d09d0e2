import { mappingJsonSchema } from "@windlass/account-mapping";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";

/** `windlass mapping schema`. */
export function printSchema(world: CliWorld): number {
  world.write(`${JSON.stringify(mappingJsonSchema(), null, 2)}\n`);
  return exitCode.ok;
}
