import { build, check, format } from "./check.mjs";
import { install } from "./install.mjs";
import { bench, fuzz, sandbox, sim, start, testKill } from "./programs.mjs";
import { test } from "./test.mjs";

/** @type {Readonly<Record<string, (args: readonly string[]) => Promise<number>>>} */
const COMMANDS = { start, sandbox, test, "test:kill": testKill, build, check, format, bench, fuzz, sim };

/**
 * Installs what is missing, then runs one root command. Resolves to the exit code.
 *
 * @param {readonly string[]} argv the command and its arguments
 * @returns {Promise<number>}
 */
export async function runCommand([name = "", ...args]) {
  const command = COMMANDS[name];
  if (command === undefined) {
    console.error(`expected one of ${Object.keys(COMMANDS).join(", ")}, found "${name}"`);
    return 2;
  }
  const problem = await install();
  if (problem !== null) {
    console.error(problem);
    return 1;
  }
  return command(args);
}
