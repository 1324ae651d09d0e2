/** A process of the simulation: a function, or a runner. Once it is dead, nothing of it is heard again. */
export interface SimProcess {
  readonly name: string;
  readonly kind: "lambda" | "runner";
  readonly dead: () => boolean;
  /** Its calls fail until then. */
  cutOffUntil: number;
  /** It stands still until then. */
  pausedUntil: number;
  kill(why: string): void;
  /** Told once, when it dies. */
  onDeath(listener: () => void): void;
}

export function createProcess(name: string, kind: SimProcess["kind"], tell: (what: string) => void): SimProcess {
  const listeners: (() => void)[] = [];
  let dead = false;
  return {
    name,
    kind,
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
