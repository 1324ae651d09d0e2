/** Loaded with `node --import` into a board over the sandbox: its clock is the sandbox's, and ends with it. */
import { CLOCK_OFFSET_VARIABLE } from "./machine-clock.ts";
import { installShiftedDate } from "./shifted-date.ts";

// biome-ignore lint/style/noProcessEnv: a preload has no other way to be told
const clock = installShiftedDate(Number(process.env[CLOCK_OFFSET_VARIABLE] ?? "0"));
process.on("message", (offset: number) => clock.setOffset(offset));
process.on("disconnect", () => process.exit(0));
// Whether the board goes on is for the board to say.
process.channel?.unref();
