import { FAULT_NAMES, FAULTS, type FaultName } from "./faults.ts";
import type { Random } from "./random.ts";

/** Decides what goes wrong. */
export interface Chaos {
  /** Whether the fault strikes on this occasion; counted where it does. */
  strikes(fault: FaultName): boolean;
  /** A fault that happened without being asked for. */
  noted(fault: FaultName): void;
  /** Whether this run has the fault. */
  has(fault: FaultName): boolean;
  /** No fault strikes any more. */
  end(): void;
  readonly ended: () => boolean;
  fired(): Readonly<Record<string, number>>;
}

/** By fault: how many times as often as usual; 0: never. */
export type FaultRates = Readonly<Partial<Record<FaultName, number>>>;

export function createChaos(rates: FaultRates, random: Random): Chaos {
  const fired = new Map<string, number>();
  let ended = false;
  const noted = (fault: FaultName) => void fired.set(fault, (fired.get(fault) ?? 0) + 1);
  return {
    strikes(fault) {
      const rate = rates[fault] ?? 0;
      if (ended || rate === 0 || !random.chance(Math.min(0.9, FAULTS[fault].chance * rate))) return false;
      noted(fault);
      return true;
    },
    noted,
    has: (fault) => !ended && (rates[fault] ?? 0) > 0,
    end: () => {
      ended = true;
    },
    ended: () => ended,
    fired: () => Object.fromEntries(fired),
  };
}

/** Each run has some faults and not others: a fault that hides another one is not always there. */
export function drawRates(random: Random): FaultRates {
  const share = random.pick([0, 0.3, 0.5, 0.5, 0.8, 1]);
  const strength = random.pick([0.5, 1, 1, 2, 4]);
  return Object.fromEntries(
    FAULT_NAMES.map((name) => [name, random.chance(share) ? strength : 0] as const).filter(([, rate]) => rate > 0),
  );
}
