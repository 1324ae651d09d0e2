import type { AccountMapping } from "@windlass/account-mapping";
import type { AreaOptions } from "./area-options.ts";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { readMapping } from "./read-file.ts";

/** The mapping that the options or the environment name. Throws `CliError`, or `MappingError` with every problem. */
export function openMapping(world: CliWorld, { mapping }: Pick<AreaOptions, "mapping">): AccountMapping {
  const file = mapping ?? world.env["WINDLASS_MAPPING"] ?? "";
  if (file !== "") return readMapping(file, world);
  throw new CliError({
    code: "mapping-missing",
    message: "no account mapping was named",
    expected: "--mapping <file>, or its path in WINDLASS_MAPPING",
    hint: "it is the file that says which account an area is in; export WINDLASS_MAPPING=windlass.yaml",
  });
}
