import { createFaultyCalls, type FaultyCalls, type Mishap } from "./faulty-calls.ts";
import type { Transport } from "./test-area.ts";

export interface Faulty extends Pick<FaultyCalls, "calls" | "died"> {
  readonly transport: Transport;
}

/** Lets the call of that number (from 1, counted over all ticks) go wrong; with 0 only counts. */
export function faultyTransport(at: number, mishap: Mishap): Faulty {
  const { make, calls, died } = createFaultyCalls({ at, mishap, failure: connectionReset });
  const transport: Transport = (inner) => ({
    ...inner,
    handle: (request, options) => make(() => inner.handle(request, options)),
  });
  return { transport, calls, died };
}

function connectionReset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}
