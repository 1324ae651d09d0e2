import { pinnedNode, runHere, runQuietly } from "./processes.mjs";
import { withProgress } from "./progress.mjs";

/**
 * Plays the demo. Nothing but the demo itself writes to stdout.
 *
 * @param {readonly string[]} args
 */
export async function start(args) {
  return runDemoProgram("dist/demo.mjs", args);
}

/**
 * Serves the sandbox until interrupted.
 *
 * @param {readonly string[]} args
 */
export async function sandbox(args) {
  return runDemoProgram("dist/serve.mjs", args);
}

/**
 * Measures: `bench tick`, `bench bundle`, `bench cli`, `bench runner`.
 *
 * @param {readonly string[]} args
 */
export async function bench(args) {
  const built = await buildQuietly(["@windlass/bench..."]);
  return built ? runHere("pnpm", ["--silent", "--filter", "@windlass/bench", "run", "bench", ...args]) : 1;
}

/**
 * Simulates an area with every fault: `sim --seeds 1000`, `sim --help`.
 *
 * @param {readonly string[]} args
 */
export async function sim(args) {
  const built = await buildQuietly(["@windlass/simulator..."]);
  return built ? runHere(pinnedNode(), ["apps/simulator/dist/simulate.mjs", ...args]) : 1;
}

/** The first that runs TypeScript as it is. */
const TYPESCRIPT_NODE = 24;

/**
 * Kills real runners in every phase: the kill matrix.
 *
 * @param {readonly string[]} args
 */
export async function testKill(args) {
  const filters = ["@windlass/deploy-runner...", "@windlass/deploy-lambda..."];
  return runTypeScript({ filters, program: "apps/deploy-runner/test/kill/main.ts" }, args);
}

/**
 * Gives every reader bad input: `fuzz --cases 100000 --only mapping,ledger --seed 7`.
 *
 * @param {readonly string[]} args
 */
export async function fuzz(args) {
  return runTypeScript({ filters: ["@windlass/fuzz^..."], program: "packages/fuzz/src/main.ts" }, args);
}

/**
 * @param {{ readonly filters: readonly string[], readonly program: string }} what the packages that it imports, and its file
 * @param {readonly string[]} args
 */
async function runTypeScript({ filters, program }, args) {
  if (pinnedNode() === process.execPath && Number.parseInt(process.versions.node, 10) < TYPESCRIPT_NODE) {
    console.error(`This needs Node ${TYPESCRIPT_NODE}: this is ${process.versions.node}.`);
    return 1;
  }
  return (await buildQuietly(filters)) ? runHere(pinnedNode(), [program, ...args]) : 1;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
async function runDemoProgram(program, args) {
  const built = await buildQuietly(["@windlass/demo..."]);
  return built ? runHere(pinnedNode(), [`apps/demo/${program}`, ...args]) : 1;
}

/**
 * Builds some packages and what they need. Says nothing where that succeeds.
 *
 * @param {readonly string[]} filters
 * @returns {Promise<boolean>}
 */
async function buildQuietly(filters) {
  const args = ["run", "build", "--ui=stream", "--output-logs=errors-only", ...filters.map((it) => `--filter=${it}`)];
  const { code, output } = await withProgress("Building", () => runQuietly("turbo", args));
  if (code !== 0) console.error(`${output}\nThe build failed: see above.`);
  return code === 0;
}
