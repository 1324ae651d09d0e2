/** Loaded with `node --import` into the programs of a sandbox instance, before anything of theirs. */
import { CLOCK_OFFSET_VARIABLE } from "./machine-clock.ts";
import { installShiftedDate } from "./shifted-date.ts";

// biome-ignore lint/style/noProcessEnv: a preload has no other way to be told
installShiftedDate(Number(process.env[CLOCK_OFFSET_VARIABLE] ?? "0"));
