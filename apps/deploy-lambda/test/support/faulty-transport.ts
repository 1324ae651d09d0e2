import type { Transport } from "./test-area.ts";

export type Mishap =
  /** The process ends at this call: before it is sent, or after it took effect. Nothing of this function is heard again. */
  | "dies-before"
  | "dies-after"
  /** The call fails and the function lives: nothing happened, or its effect is done and the answer lost. */
  | "fails-before"
  | "fails-after";

export interface Faulty {
  readonly transport: Transport;
  /** Calls that were made so far. */
  readonly calls: () => number;
  /** Resolves when the process is dead. */
  readonly died: Promise<void>;
}

/** Lets the call of that number (from 1, counted over all ticks) go wrong; with 0 only counts. */
export function faultyTransport(at: number, mishap: Mishap): Faulty {
  let calls = 0;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const never = () => {
    die();
    return new Promise<never>(() => {});
  };
  const transport: Transport = (inner) => ({
    ...inner,
    async handle(request, options) {
      calls += 1;
      if (calls !== at)
        return calls > at && at > 0 && mishap.startsWith("dies") ? never() : inner.handle(request, options);
      if (mishap === "dies-before") return never();
      if (mishap === "fails-before") throw connectionReset();
      await inner.handle(request, options);
      if (mishap === "dies-after") return never();
      throw connectionReset();
    },
  });
  return { transport, calls: () => calls, died };
}

function connectionReset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}
