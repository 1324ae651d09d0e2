import { runHere, runQuietly } from "./processes.mjs";
import { withProgress } from "./progress.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 */

/** @type {readonly Step[]} */
const STEPS = [
  { name: "lint and format", command: "biome", args: ["ci", "--colors=off", "."] },
  { name: "repository rules", command: "node", args: ["scripts/check-repository.mjs"] },
  { name: "types", command: "tsc", args: ["-p", "tsconfig.workspace.json"] },
  { name: "types of the infrastructure", command: "tsc", args: ["--noEmit", "-p", "apps/infra"] },
  { name: "types of the board", command: "tsc", args: ["--noEmit", "-p", "apps/board"] },
  { name: "types of the scripts", command: "tsc", args: ["-p", "scripts"] },
  { name: "types of the configuration", command: "tsc", args: ["-p", "tsconfig.json"] },
  { name: "unused files, exports and dependencies", command: "knip", args: ["--no-progress"] },
  {
    name: "builds and package shapes",
    command: "turbo",
    args: [
      "run",
      "build",
      "lint:pkg",
      "--ui=stream",
      "--output-logs=errors-only",
      "--continue=dependencies-successful",
      "--concurrency=4",
    ],
  },
];

/**
 * Everything but the tests. Every step runs, whatever the others say.
 *
 * @returns {Promise<number>}
 */
export async function check() {
  const failed = await runChecks();
  if (failed.length > 0) console.error(`\nFailed: ${failed.join("; ")}.`);
  return failed.length === 0 ? 0 : 1;
}

/**
 * Says of each step whether it passed, and what a failed one said.
 *
 * @returns {Promise<readonly string[]>} names of the failed steps
 */
export async function runChecks() {
  const failed = [];
  for (const step of STEPS) {
    const startedAt = performance.now();
    const { code, output } = await withProgress(`Checking ${step.name}`, () => runQuietly(step.command, step.args));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${step.name} (${seconds} s)`);
    if (code !== 0) {
      console.log(output.trimEnd());
      failed.push(step.name);
    }
  }
  return failed;
}

/**
 * Builds every package and app.
 *
 * @param {readonly string[]} args for turbo
 */
export async function build(args) {
  return runHere("turbo", ["run", "build", "--ui=stream", ...args]);
}

/** Formats everything and mends what Biome can mend. */
export async function format() {
  return runHere("biome", ["check", "--write", "."]);
}
