import type { CallDetails, CallRecorder } from "./call-log.ts";
import type { SandboxClock } from "./clock.ts";
import type { Exchange } from "./dispatcher.ts";
import type { Failure, FaultJudge } from "./faults.ts";
import type { AwsFault, PlainResponse, ThrottlingError } from "./service.ts";
import { waitFor } from "./wait-for.ts";
import { toAwsFault } from "./wire-fault.ts";

export interface CallDesk {
  readonly clock: SandboxClock;
  readonly calls: CallRecorder;
  readonly faults: FaultJudge;
}

/** A call that has arrived and was understood. */
export interface ArrivedCall extends Omit<CallDetails, "at"> {
  readonly throttling: ThrottlingError;
  encodeFault(fault: AwsFault): PlainResponse;
  /** Its effect. Throws AwsFault. */
  perform(): PlainResponse | Promise<PlainResponse>;
}

/** Writes a call down, lets faults strike it before or after its effect, and gives its answer. Never rejects. */
export async function performCall({ clock, calls, faults }: CallDesk, call: ArrivedCall): Promise<Exchange> {
  const { service, action, region, input, caller, requestId } = call;
  const { account, role, session } = caller;
  const tell = calls.record({ at: clock.now(), requestId, service, action, caller, region, input });
  const verdict = faults.judge({ service, action, account, role, session, region, input }, call.throttling);

  function fail(failure: Failure): Exchange {
    tell(failure.kind === "lost" ? "lost" : failure.fault.code);
    return failure.kind === "lost" ? failure : { kind: "response", response: call.encodeFault(failure.fault) };
  }

  if (verdict.delayMs > 0) await waitFor(clock, verdict.delayMs);
  if (verdict.before !== null) return fail(verdict.before);
  try {
    const response = await call.perform();
    if (verdict.after !== null) return fail(verdict.after);
    tell("ok");
    return { kind: "response", response };
  } catch (error) {
    return fail(verdict.after ?? { kind: "error", fault: toAwsFault(error, `${service}:${action}`) });
  }
}
