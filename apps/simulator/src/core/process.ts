/** A process of the simulation: a function, or a runner. Once it is dead, nothing of it is heard again. */
export interface SimProcess {
  readonly name: string;
  readonly kind: "lambda" | "runner";
  readonly dead: () => boolean;
  /** How long its clients wait for an answer of AWS's, as the app that it plays has set them. */
  readonly patienceMs: number;
  /** Its calls fail until then. */
  cutOffUntil: number;
  /** It stands still until then. */
  pausedUntil: number;
  kill(why: string): void;
  /** Told once, when it dies. */
  onDeath(listener: () => void): void;
}

const PATIENCE_MS = { lambda: 8_000, runner: 10_000 } as const;

export function createProcess(name: string, kind: SimProcess["kind"], tell: (what: string) => void): SimProcess {
  const listeners: (() => void)[] = [];
  let dead = false;
  return {
    name,
    kind,
    patienceMs: PATIENCE_MS[kind],
    dead: () => dead,
    cutOffUntil: 0,
    pausedUntil: 0,
    kill(why) {
      if (dead) return;
      dead = true;
      tell(`${name} dies: ${why}`);
      for (const listener of listeners) listener();
    },
    onDeath: (listener) => void listeners.push(listener),
  };
}
