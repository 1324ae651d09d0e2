import type { FaultSubject } from "@windlass/sandbox";
import { exited, type StepScript } from "./scripted-engine.ts";

/** Goes on for ever, and stops in good order a while after an interrupt. */
export function obedient(seconds: number): StepScript {
  return async (terminal) => {
    await terminal.interrupt(1);
    await terminal.sleep(seconds);
    terminal.err("Error: execution halted\n");
    return exited(1);
  };
}

/** Gives up at the second interrupt only. */
export const stubborn: StepScript = async (terminal) => {
  await terminal.interrupt(2);
  return exited(1);
};

/** Does not care for interrupts. */
export const deaf: StepScript = () => new Promise(() => {});

/** For faults: calls about an object whose key ends so. */
export function toObject(ending: string): (subject: FaultSubject) => boolean {
  return ({ input }) => String(input["Key"]).endsWith(ending);
}
