import { FAULT_NAMES, FAULTS, type FaultName } from "./faults.ts";
import type { Random } from "./random.ts";

/** Decides what goes wrong. */
export interface Chaos {
  /** Whether the fault is to strike on this occasion. Whoever asks says by `struck` where it took effect. */
  draws(fault: FaultName): boolean;
  /** The fault took effect: it is counted, and told in the story. Nothing else counts. */
  struck(fault: FaultName, what: string): void;
  /** Whether this run has the fault. */
  has(fault: FaultName): boolean;
  /** No fault strikes any more. */
  end(): void;
  readonly ended: () => boolean;
  fired(): Readonly<Record<string, number>>;
}

/** By fault: how many times as often as usual; 0: never. */
export type FaultRates = Readonly<Partial<Record<FaultName, number>>>;

export function createChaos(rates: FaultRates, random: Random, tell: (what: string) => void): Chaos {
  const fired = new Map<string, number>();
  let ended = false;
  return {
    draws(fault) {
      const rate = rates[fault] ?? 0;
      return !ended && rate > 0 && random.chance(Math.min(0.9, FAULTS[fault].chance * rate));
    },
    struck(fault, what) {
      fired.set(fault, (fired.get(fault) ?? 0) + 1);
      tell(`fault ${fault}: ${what}`);
    },
    has: (fault) => !ended && (rates[fault] ?? 0) > 0,
    end: () => {
      ended = true;
    },
    ended: () => ended,
    fired: () => Object.fromEntries(fired),
  };
}

/** What strikes an apply once, if at all: in weeks of many calls, whatever strikes calls comes far more often. */
const RARE: ReadonlySet<FaultName> = new Set<FaultName>([
  ...(["credentials-expire", "layers-missing", "out-of-memory", "runner-cut-off", "runner-dies-at-call"] as const),
  ...(["runner-killed", "state-cut", "state-not-stored"] as const),
]);

/**
 * Each run has some faults and not others: a fault that hides another one is not always there. `rare`: how many times as
 * often as usual the rare ones strike.
 */
export function drawRates(random: Random, rare: number): FaultRates {
  const share = random.pick([0, 0.3, 0.5, 0.5, 0.8, 1]);
  const strength = random.pick([0.5, 1, 1, 2, 4]);
  const rateOf = (name: FaultName) => strength * (RARE.has(name) ? rare : 1);
  return Object.fromEntries(
    FAULT_NAMES.map((name) => [name, random.chance(share) ? rateOf(name) : 0] as const).filter(([, rate]) => rate > 0),
  );
}
