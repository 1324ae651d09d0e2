/**
 * The function alone in a process, as in Lambda: the bundle with its own transport, told by its environment where AWS
 * is. Runs as many ticks as its argument says, and prints their times and the peak memory as JSON.
 */
import { loadLambda } from "./lambda.ts";
import { type Measured, peakMemoryMb, printMeasurement, timed } from "./measure.ts";

const ticks = Number(process.argv[2] ?? 1);
const { handler } = await loadLambda();
const wallMs: number[] = [];
for (let tick = 0; tick < ticks; tick += 1) wallMs.push(await timed(handler));
const measured: Measured = { wallMs: wallMs.slice(1), coldMs: wallMs[0] ?? null, calls: {}, peakMb: peakMemoryMb() };
printMeasurement(measured);
