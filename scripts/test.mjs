import { existsSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runChecks } from "./check.mjs";
import { runHere } from "./processes.mjs";
import { describeSkipped, readResults, sumResults, totalsLine } from "./test-totals.mjs";
import { root, workspaceFolders } from "./workspace.mjs";

/**
 * Every check, then every test. The last line on stdout is `N passed, N failed, N skipped`.
 *
 * @returns {Promise<number>}
 */
export async function test() {
  const failedChecks = await runChecks();
  const folders = workspaceFolders(root).filter((folder) => folder.manifest.scripts?.["test"] !== undefined);
  // A result that was there before says nothing about now. Where turbo replays a task, it brings its result back.
  for (const folder of folders) rmSync(join(root, folder.path, "test-results.json"), { force: true });
  process.env["WINDLASS_TEST_TOOLS"] = toolsOnPath();
  const turboCode = await runTests();
  const results = folders.map((folder) => readResults(root, folder.path));
  const totals = sumResults(results);
  console.log("");
  for (const result of results) console.log(`${result.path}: ${totalsLine(result)}`);
  for (const result of results) for (const line of describeSkipped(result)) console.log(line);
  for (const { path, problems } of results) for (const problem of problems) console.log(`Problem: ${path}: ${problem}`);
  for (const name of failedChecks) console.log(`Problem: the check "${name}" failed: see above.`);
  const failed = failedChecks.length > 0 || turboCode !== 0 || totals.failed > 0;
  if (turboCode !== 0 && totals.failed === 0) console.log("Problem: a test run failed though no test did: see above.");
  console.log(totalsLine(totals));
  return failed ? 1 : 0;
}

/** The longest suites, which wait most of their time: for containers, and for what they install. */
const LONGEST = ["@windlass/deploy-runner", "@windlass/infra"];

/**
 * Turbo starts what depends on most last, and that are the longest suites: they run beside all others, once everything is
 * built. Gives the exit code of what failed first, or 0.
 *
 * @returns {Promise<number>}
 */
async function runTests() {
  const built = await runTurbo("build", []);
  const codes = await Promise.all([
    runTurbo("test", ["--concurrency=2", ...LONGEST.map((name) => `--filter=${name}`)]),
    runTurbo("test", ["--concurrency=2", ...LONGEST.map((name) => `--filter=!${name}`)]),
  ]);
  return [built, ...codes].find((code) => code !== 0) ?? 0;
}

/**
 * @param {string} task
 * @param {readonly string[]} options
 */
function runTurbo(task, options) {
  const common = ["--ui=stream", "--output-logs=new-only", "--continue=dependencies-successful"];
  return runHere("turbo", ["run", task, ...common, ...options]);
}

/** What some tests need and skip without. Part of turbo's key: a new tool on the PATH runs them. */
function toolsOnPath() {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const tools = [
    ...[
      "aws",
      "busybox",
      "cfn-lint",
      "docker",
      "dockerd",
      "iptables",
      "moto_server",
      "podman",
      "runc",
      "shellcheck",
      "skopeo",
    ],
    ...["systemd-analyze", "terraform", "tofu", "unshare"],
  ];
  return tools.filter((tool) => folders.some((folder) => existsSync(join(folder, tool)))).join(" ");
}
