import { KIND_NAMES, KINDS } from "./kinds.ts";
import { PHASES } from "./moments.ts";
import type { Cell, CellEnd, CellRun } from "./run-cell.ts";

const PHASE_NAMES: Readonly<Record<(typeof PHASES)[number], string>> = {
  pull: "pull",
  init: "init",
  plan: "plan",
  "apply-first": "apply, first moment",
  "apply-last": "apply, last moment",
  save: "state save",
  result: "result",
  retire: "retire",
};

/** Every kind of kill in every phase. */
export const CELLS: readonly Cell[] = KINDS.flatMap((kind) => PHASES.map((phase) => ({ kind, phase })));

const STORE_EVERY = 4;

/** So many runs, going round the cells; every fourth keeps its state in a folder. */
export function planRuns(cells: readonly Cell[], runs: number, seed: number): readonly CellRun[] {
  return Array.from({ length: cells.length === 0 ? 0 : runs }, (_, index) => {
    const round = Math.floor(index / cells.length);
    const cell = cells[index % cells.length] as Cell;
    const mode = (index + round) % STORE_EVERY === STORE_EVERY - 1 ? "store" : "managed";
    return { ...cell, mode, seed: seed * 100_000 + index };
  });
}

/** As a table of Markdown: how many runs, and what they came to. */
export function formatMatrix(ends: readonly CellEnd[]): string {
  const head = ["", ...PHASES.map((phase) => PHASE_NAMES[phase])];
  const rows = KINDS.map((kind) => [
    KIND_NAMES[kind],
    ...PHASES.map((phase) => formatCell(ends.filter((end) => end.kind === kind && end.phase === phase))),
  ]);
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function formatCell(ends: readonly CellEnd[]): string {
  if (ends.length === 0) return "–";
  const counts = new Map<string, number>();
  for (const { outcome } of ends) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const outcomes = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  const violated = ends.filter(({ violations }) => violations.length > 0).length;
  return `${ends.length}: ${outcomes}${violated === 0 ? "" : `, **${violated} violated**`}`;
}

/** The last line. */
export function formatTotals(ends: readonly CellEnd[], seconds: number): string {
  const violated = ends.filter(({ violations }) => violations.length > 0).length;
  const within = ends.filter((end) => end.within).length;
  const store = ends.filter(({ mode }) => mode === "store").length;
  const locks = (lock: CellEnd["lock"]) => ends.filter((end) => end.lock === lock).length;
  return [
    `${ends.length} runs (${store} of them with state: store), ${violated} with a violation`,
    `${within} strikes within their phase, the others in the one after it`,
    `locks: ${locks("free")} free, ${locks("broken")} broken, ${locks("reported")} reported`,
    `${Math.round(seconds)} s`,
  ].join("; ");
}

export function formatEnd(end: CellEnd, number: string): string {
  const { kind, phase, mode, seed, outcome, lock, seconds, within, violations } = end;
  const facts = [outcome, `lock ${lock}`, `${seconds.toFixed(1)} s`, ...(within ? [] : ["after its phase"])];
  const lines = violations.map((violation) => `\n  VIOLATION: ${violation}`).join("");
  return `${number} kill=${kind} phase=${phase} state=${mode} seed=${seed}: ${facts.join(", ")}${lines}`;
}
