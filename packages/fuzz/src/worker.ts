import { parentPort, workerData } from "node:worker_threads";
import { fuzzTarget } from "./fuzz-target.ts";
import { TARGETS } from "./targets/targets.ts";

export interface Job {
  readonly target: string;
  readonly cases: number;
  readonly seed: number;
  /** The number of the case that is being tried. */
  readonly progress: Int32Array;
}

const { target, cases, seed, progress } = workerData as Job;
const found = TARGETS.find(({ name }) => name === target);
if (found === undefined) throw new RangeError(`no target "${target}"`);
const onCase = (number: number) => void Atomics.store(progress, 0, number);
parentPort?.postMessage(await fuzzTarget(found, { cases, seed, guided: true, onCase }));
