import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "@windlass/sandbox";

type Transport = Sandbox["requestHandler"];

/** The sandbox's transport, with every call taking `latencyMs` longer than it takes there. */
export function slowTransport(transport: Transport, latencyMs: number): Transport {
  return {
    ...transport,
    async handle(request, options) {
      await sleep(latencyMs);
      return transport.handle(request, options);
    },
  };
}
