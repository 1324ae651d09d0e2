import { INVARIANTS } from "../checks/invariants.ts";
import { FAULT_NAMES, FAULTS } from "../core/faults.ts";
import type { Answer } from "./job.ts";

/** What many runs came to. */
export interface Summary {
  readonly add: (answer: Answer) => void;
  /** A seed that could not be run to its end. */
  readonly lose: (seed: number, why: string) => void;
  /** In words, each once. */
  readonly failed: () => readonly string[];
  /** Faults that no run has had. */
  readonly unfired: () => readonly string[];
  /** Invariants that no run has checked. */
  readonly unchecked: () => readonly string[];
  readonly seeds: () => number;
  /** One line for each kind of fault. */
  readonly faultLines: () => readonly string[];
  readonly checkLine: () => string;
  /** One line for all. */
  readonly line: (seconds: number) => string;
}

const YEAR_MS = 365.25 * 86_400_000;

export function createSummary(): Summary {
  const totals = {
    seeds: 0,
    ms: 0,
    deployments: 0,
    refreshes: 0,
    calls: 0,
    ticks: 0,
    failedTicks: 0,
    idle: 0,
    applies: 0,
    steps: 0,
    twice: 0,
  };
  const fired = new Map<string, number>();
  const checked = new Map<string, number>();
  const failed: string[] = [];
  const fires = (name: string) => fired.get(name) ?? 0;
  const rarest = () => FAULT_NAMES.reduce((one, other) => (fires(other) < fires(one) ? other : one));

  return {
    add(answer) {
      const { result, secondHash } = answer;
      const { stats } = result;
      totals.seeds += 1;
      totals.ms += result.simulatedMs;
      totals.deployments += stats.deployments;
      totals.refreshes += stats.refreshes;
      totals.calls += stats.calls;
      totals.ticks += stats.ticks;
      totals.failedTicks += stats.failedTicks;
      totals.idle += stats.idleTicks;
      totals.applies += stats.applies;
      totals.steps += result.steps;
      addAll(fired, result.fired);
      addAll(checked, result.checked);
      if (secondHash !== null) {
        totals.twice += 1;
        addAll(checked, { S19: 1 });
      }
      failed.push(...failuresOf(answer));
    },
    lose(seed, why) {
      totals.seeds += 1;
      failed.push(`seed ${seed}: ${why}`);
    },
    failed: () => failed,
    unfired: () => FAULT_NAMES.filter((name) => fires(name) === 0),
    unchecked: () => INVARIANTS.filter((name) => (checked.get(name) ?? 0) === 0),
    seeds: () => totals.seeds,
    faultLines: () =>
      FAULT_NAMES.map(
        (name) =>
          `${String(FAULTS[name].number).padStart(3)} ${name.padEnd(20)} ${String(fires(name)).padStart(8)}  ${FAULTS[name].what}`,
      ),
    checkLine: () =>
      [...checked]
        .sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }))
        .map(([name, count]) => `${name} ${count}`)
        .join(", "),
    line(seconds) {
      const faults = [...fired.values()].reduce((sum, count) => sum + count, 0);
      const checks = [...checked.values()].reduce((sum, count) => sum + count, 0);
      const speed = seconds === 0 ? 0 : totals.ms / 1000 / seconds;
      return [
        `${totals.seeds} seeds`,
        `${(totals.ms / YEAR_MS).toFixed(2)} years of one area`,
        `${totals.deployments + totals.refreshes} deployments (${totals.refreshes} instance refreshes)`,
        `${totals.applies} applies`,
        `${totals.calls} calls`,
        `${totals.ticks} ticks (${totals.failedTicks} failed, ${totals.idle} idle ones skipped)`,
        `${faults} faults of ${fired.size} kinds, the rarest ${fires(rarest())} times (${rarest()})`,
        `${checks} checks of ${checked.size} invariants`,
        `${totals.twice} seeds run twice`,
        `${failed.length} violations`,
        `${seconds.toFixed(0)} s, ${Math.round(speed)} times real time, ${(totals.seeds / Math.max(seconds, 0.001)).toFixed(2)} seeds/s`,
      ].join("; ");
    },
  };
}

/** What is wrong with a run, in words: an invariant that did not hold, or a second run that was another. */
export function failuresOf({ result, secondHash }: Pick<Answer, "result" | "secondHash">): readonly string[] {
  const { violation, hash, seed } = result;
  return [
    ...(secondHash === null || secondHash === hash
      ? []
      : [`S19: two runs of seed ${seed} differ: ${hash}, ${secondHash}`]),
    ...(violation === null
      ? []
      : [`${violation.invariant} at ${violation.at}, step ${violation.step}: ${violation.message}`]),
  ];
}

function addAll(into: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) into.set(name, (into.get(name) ?? 0) + count);
}
