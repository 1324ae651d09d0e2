export type Mishap =
  /** The process ends at this call: before it is sent, or after it took effect. Nothing of this function is heard again. */
  | "dies-before"
  | "dies-after"
  /** The call fails and the function lives: nothing happened, or its effect is done and the answer lost. */
  | "fails-before"
  | "fails-after";

export interface FaultyCalls {
  /** Makes a call as its number wants it. */
  make<T>(call: () => Promise<T>): Promise<T>;
  /** Calls that were made so far. */
  readonly calls: () => number;
  /** Resolves when the process is dead. */
  readonly died: Promise<void>;
}

export interface Fate {
  /** From 1, counted over all ticks; with 0 calls are only counted. */
  readonly at: number;
  readonly mishap: Mishap;
  /** What a call that fails throws. */
  readonly failure: () => Error;
}

/** Lets the call of that number go wrong. */
export function createFaultyCalls({ at, mishap, failure }: Fate): FaultyCalls {
  let calls = 0;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const never = () => {
    die();
    return new Promise<never>(() => {});
  };
  return {
    async make(call) {
      calls += 1;
      if (calls !== at) return calls > at && at > 0 && mishap.startsWith("dies") ? never() : call();
      if (mishap === "dies-before") return never();
      if (mishap === "fails-before") throw failure();
      await call();
      if (mishap === "dies-after") return never();
      throw failure();
    },
    calls: () => calls,
    died,
  };
}
