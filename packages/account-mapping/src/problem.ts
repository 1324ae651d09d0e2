/** What can be wrong with a mapping, and how each problem is called in one phrase. */
const TITLES = {
  // The text
  "file-too-large": "file too large",
  "empty-file": "empty file",
  "yaml-syntax": "not valid YAML",
  "tab-indentation": "indented with a tab",
  "too-deep": "nested too deeply",
  "multiple-documents": "more than one YAML document",
  "unknown-tag": "unknown YAML tag",
  "duplicate-key": "key given twice",
  "invalid-key": "key that is not text",
  "unknown-alias": "alias without an anchor",
  "alias-cycle": "alias that contains itself",
  "too-many-aliases": "aliases that expand to too much",
  // The shape
  "not-an-object": "not an account mapping",
  "unknown-key": "unknown key",
  "missing-key": "missing key",
  "wrong-type": "wrong type",
  "too-few-entries": "too few entries",
  "too-many-entries": "too many entries",
  "repeated-entry": "entry given twice",
  // Single values
  "unsupported-version": "format version of a newer Windlass",
  "invalid-version": "unknown format version",
  "account-id-not-quoted": "account id without quotes",
  "invalid-account-id": "invalid account id",
  "invalid-region": "invalid region",
  "invalid-name": "invalid name",
  "invalid-branch": "invalid branch name",
  "invalid-alias": "invalid account alias",
  "invalid-organization": "invalid GitHub organization",
  "invalid-github-repository": "invalid GitHub repository name",
  "invalid-url": "invalid URL",
  "invalid-template": "invalid template",
  "unknown-placeholder": "unknown placeholder",
  "unknown-timezone": "unknown time zone",
  "invalid-days": "invalid days",
  "invalid-hours": "invalid hours",
  "invalid-date": "invalid date",
  "invalid-reason": "invalid reason",
  "invalid-duration": "invalid duration",
  "invalid-kind": "unknown kind",
  "invalid-state": "unknown place for the state",
  "invalid-argument": "invalid argument",
  "invalid-retries": "invalid number of retries",
  "invalid-group-name": "invalid group name",
  "invalid-group-tag": "invalid group tag",
  "invalid-percentage": "invalid percentage",
  "invalid-network": "invalid network",
  "invalid-architecture": "unknown architecture",
  "invalid-instance-type": "invalid instance type",
  "invalid-number": "number out of range",
  "invalid-policy": "invalid managed policy",
  "invalid-alarms": "invalid place for alarms",
  "invalid-principal": "invalid principal",
  "invalid-subject": "invalid subject of a token",
  "variable-not-quoted": "variable without quotes",
  // How values fit together
  "freeze-ends-before-start": "freeze that ends before it starts",
  "entrypoint-with-managed-state": "entry point with a managed state",
  "invalid-preferences": "percentages that do not fit together",
  "architecture-mismatch": "instance types of another architecture",
  "branch-used-twice": "branch used twice",
  "account-used-twice": "account used twice",
  "area-in-registry-account": "area in the registry's account",
  "pipeline-in-other-account": "pipeline area outside the registry's account",
  "unknown-image": "unknown image",
  "dependency-cycle": "images that wait for each other",
  "invalid-image-name": "image name that an instance refresh can not use",
  "same-head": "two deployments with the same head",
  "same-state": "two images with their states in one place",
  "invalid-repository-name": "invalid ECR repository name",
  "invalid-tag": "invalid ECR tag",
} as const;

/** Stable; programs branch on it. */
export type ProblemCode = keyof typeof TITLES;

/** One thing that is wrong with a mapping. */
export interface MappingProblem {
  readonly code: ProblemCode;
  /** One phrase, without the parts below. */
  readonly message: string;
  /** As given by the caller. */
  readonly file: string;
  /** From 1; null where the mapping did not come as text. */
  readonly line: number | null;
  /** From 1, in UTF-16 units as editors count them; null where the mapping did not come as text. */
  readonly column: number | null;
  /** e.g. `areas.staging.account`; empty for the file as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** What to do about it. */
  readonly hint: string;
}

export function titleOf(code: ProblemCode): string {
  return TITLES[code];
}

/** The problem as one line: `windlass.yaml:12:5: areas.a.account: ...: expected ..., found ... (code). Hint: ...`. */
export function describeProblem(problem: MappingProblem): string {
  const place = problem.line === null ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === "" ? "" : `${problem.path}: `;
  const compared = `expected ${problem.expected}, found ${problem.found}`;
  return `${place}: ${path}${problem.message}: ${compared} (${problem.code}). Hint: ${problem.hint}`;
}
