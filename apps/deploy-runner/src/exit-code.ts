import { constants } from "node:os";
import type { StepExit } from "./engine.ts";

const signalNumbers: Readonly<Record<string, number>> = constants.signals;

/** As a shell tells it: 128 and the signal's number for a process that was killed, 127 for one that did not start. */
export function exitCodeOf(exit: StepExit): number {
  switch (exit.kind) {
    case "exited":
      return exit.code;
    case "killed":
      return 128 + (signalNumbers[exit.signal] ?? 0);
    case "not-started":
      return 127;
  }
}
