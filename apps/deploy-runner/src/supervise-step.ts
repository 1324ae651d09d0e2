import type { RunningStep, StepExit } from "./engine.ts";
import type { Run } from "./ports.ts";
import type { StopReason } from "./stop.ts";

export interface SupervisedExit {
  readonly exit: StepExit;
  /** Terraform was not left the time to stop by itself. */
  readonly forced: boolean;
  /** Why it was interrupted; null where it ended by itself. */
  readonly stop: StopReason | null;
}

/**
 * Waits for a step. When a stop is requested, Terraform gets an interrupt and time to end what it is doing; then a second
 * interrupt, on which it gives up at once; then it is killed.
 */
export async function superviseStep(run: Run, step: RunningStep): Promise<SupervisedExit> {
  const { clock, log, settings } = run;
  let interrupted = false;
  let forced = false;
  let forceAt = Number.POSITIVE_INFINITY;
  let unschedule = () => {};

  function force(): void {
    log.warn({}, "interrupting Terraform a second time");
    forced = true;
    step.interrupt();
    unschedule = clock.schedule(settings.timings.kill * 1000, kill);
  }

  function kill(): void {
    log.error({}, "killing Terraform");
    step.kill();
  }

  const unlisten = settings.stop.onRequest((reason) => {
    if (!interrupted) {
      log.warn({ reason }, "interrupting Terraform");
      interrupted = true;
      step.interrupt();
    }
    // A later, more urgent reason shortens what an earlier one had granted, and nothing lengthens it.
    const at = clock.monotonic() + graceFor(run, reason) * 1000;
    if (forced || at >= forceAt) return;
    forceAt = at;
    unschedule();
    unschedule = clock.schedule(at - clock.monotonic(), force);
  });

  try {
    const exit = await step.exit;
    return { exit, forced, stop: settings.stop.reason };
  } finally {
    unlisten();
    unschedule();
  }
}

function graceFor({ settings }: Run, { kind }: StopReason): number {
  const { grace, urgentGrace } = settings.timings;
  switch (kind) {
    case "cancelled":
    case "timeout":
      return grace;
    // Somebody else will end the instance soon.
    case "interrupted":
    case "fenced":
    case "displaced":
      return urgentGrace;
  }
}
