import type { CliWorld } from "./cli-world.ts";

/** Waits between two looks; false once the person has interrupted. */
export async function pause(
  { wait, interrupted }: Pick<CliWorld, "wait" | "interrupted">,
  ms: number,
): Promise<boolean> {
  if (interrupted.aborted) return false;
  try {
    await wait(ms, interrupted);
  } catch (error) {
    if (!interrupted.aborted) throw error;
  }
  return !interrupted.aborted;
}
