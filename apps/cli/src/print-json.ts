import type { CliWorld } from "./cli-world.ts";

/** One JSON object, for `--json`. */
export function printJson(world: Pick<CliWorld, "write">, value: object): void {
  world.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** One line of JSON: for what goes on. */
export function printJsonLine(world: Pick<CliWorld, "write">, value: object): void {
  world.write(`${JSON.stringify(value)}\n`);
}
