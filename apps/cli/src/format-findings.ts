import { count } from "./words.ts";

/** What a check found, whatever it checked. */
export interface ShownFinding {
  readonly kind: "ok" | "warning" | "problem" | "unknown";
  readonly code: string;
  readonly subject: string;
  readonly message: string;
  readonly hint: string | null;
}

const MARKS = { ok: "ok     ", warning: "WARNING", problem: "PROBLEM", unknown: "?      " } as const;

/** Findings for people, each with its mend, and in the end whether all is well. */
export function formatFindings(findings: readonly ShownFinding[], allWell: string): string {
  const lines = findings.flatMap(({ kind, code, subject, message, hint }) => [
    `${MARKS[kind]}  ${subject}: ${message}${kind === "ok" ? "" : ` (${code})`}`,
    ...(hint === null ? [] : [`         -> ${hint}`]),
  ]);
  const problems = findings.filter(({ kind }) => kind === "problem").length;
  return `${[...lines, "", problems === 0 ? allWell : `${count(problems, "problem")}.`].join("\n")}\n`;
}
