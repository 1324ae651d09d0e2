// Adds up what vitest's JSON reporter wrote in each workspace folder.
import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/**
 * @typedef {object} VitestReport what is used here of vitest's JSON report
 * @property {readonly VitestFile[]} testResults
 *
 * @typedef {object} VitestFile
 * @property {string} name absolute path, of the machine that ran it
 * @property {string} status
 * @property {string} message
 * @property {readonly VitestTest[]} assertionResults
 *
 * @typedef {object} VitestTest
 * @property {readonly string[]} ancestorTitles
 * @property {string} title
 * @property {string} status
 * @property {{ readonly skipReason?: string }} [meta]
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 *
 * @typedef {object} FolderResults
 * @property {string} path
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly { readonly name: string, readonly reason: string | null }[]} skips
 * @property {readonly string[]} problems failures that belong to no test; each counts as failed
 */

/**
 * The results of one workspace folder. No file, or one that can not be read, is a failure: its tests did not run.
 *
 * @param {string} base
 * @param {string} path relative to base
 * @returns {FolderResults}
 */
export function readResults(base, path) {
  const file = join(base, path, "test-results.json");
  if (!existsSync(file)) return nothingRan(path, "its tests did not run");
  try {
    return countReport(path, JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    return nothingRan(path, `test-results.json can not be read: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * @param {readonly Counts[]} results
 * @returns {Counts}
 */
export function sumResults(results) {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    skipped: results.reduce((sum, result) => sum + result.skipped, 0),
  };
}

/**
 * @param {Counts} counts
 * @returns {string}
 */
export function totalsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * One line for each skipped test, with the reason that the test gave.
 *
 * @param {FolderResults} results
 * @returns {readonly string[]}
 */
export function describeSkipped({ path, skips }) {
  return skips.map(({ name, reason }) => `Skipped: ${path}: ${name}${reason === null ? "" : ` (${reason})`}`);
}

/**
 * @param {string} path
 * @param {VitestReport} report
 * @returns {FolderResults}
 */
function countReport(path, report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
  const problems = report.testResults.filter(isBroken).map((file) => `${shortName(file.name)}: ${file.message}`);
  const failed = tests.filter((test) => test.status === "failed").length;
  if (tests.length === 0 && problems.length === 0) return nothingRan(path, "it has no tests");
  return {
    path,
    passed: tests.filter((test) => test.status === "passed").length,
    failed: failed + problems.length,
    skipped: skipped.length,
    skips: skipped.map((test) => ({
      name: [...test.ancestorTitles.filter((title) => title !== ""), test.title].join(" > "),
      reason: test.status === "todo" ? "not written yet" : (test.meta?.skipReason ?? null),
    })),
    problems,
  };
}

/**
 * A file that failed though none of its tests did: it could not be loaded, or a hook threw.
 *
 * @param {VitestFile} file
 */
function isBroken(file) {
  return file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed");
}

/** @param {string} file */
function shortName(file) {
  return file.split(sep).slice(-2).join("/");
}

/**
 * @param {string} path
 * @param {string} problem
 * @returns {FolderResults}
 */
function nothingRan(path, problem) {
  return { path, passed: 0, failed: 1, skipped: 0, skips: [], problems: [problem] };
}
