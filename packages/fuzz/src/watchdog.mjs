// Runs in a thread of its own: the one that it watches can not look at a clock while a reader comes to no end.
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";

const { progress, targets, seed, limitMs } = workerData;
let seen = { target: -1, number: -1, at: performance.now() };

setInterval(() => {
  const [target, number] = [Atomics.load(progress, 0), Atomics.load(progress, 1)];
  if (target !== seen.target || number !== seen.number) seen = { target, number, at: performance.now() };
  // Before the first case, and after the last of a target, nobody has to come to an end.
  if (number === 0 || performance.now() - seen.at <= limitMs) return;
  writeSync(2, `${targets[target]}: no end of case ${number} of seed ${seed} within ${limitMs} ms\n`);
  process.kill(process.pid, "SIGKILL");
}, limitMs / 20);
