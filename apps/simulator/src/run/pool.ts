import { fork } from "node:child_process";
import type { Answer, Job, Said } from "./job.ts";

/** Processes that run scenarios side by side. */
export interface Pool {
  /** Rejects, with the seed in its message, where the job could not be run to its end. */
  run(job: Job): Promise<Answer>;
  /** Ends them; what they were at is lost. */
  end(): void;
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Seeds that one process runs before another takes its place: libraries keep some things for as long as they live. */
const RUNS_EACH = 150;

/** The longest seeds take some minutes. What takes so long goes round in circles, and would keep everybody waiting. */
const LONGEST_MINUTES = 60;

/** What is simulated is wide rather than hot: V8's baseline compiler, asked at once, saves a fifteenth of the time. */
const NODE_OPTIONS = ["--always-sparkplug"];

export function openPool(bundle: string, size: number): Pool {
  const queue: Waiting[] = [];
  const workers = new Set<ReturnType<typeof startWorker>>();
  let ended = false;

  function startWorker() {
    const child = fork(bundle, [], { execArgv: NODE_OPTIONS, stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let current: Waiting | null = null;
    let runs = 0;
    let words = "";
    let watch: NodeJS.Timeout | undefined;
    child.stderr?.on("data", (bytes: Buffer) => {
      words = `${words}${bytes.toString()}`.slice(-4_000);
    });
    child.on("message", (said: Said) => {
      clearTimeout(watch);
      if (said.kind === "answer") current?.resolve(said.answer);
      else current?.reject(new Error(`${nameOf(current.job)} could not be run: ${said.why}`));
      current = null;
      runs += 1;
      if (runs < RUNS_EACH) return next();
      workers.delete(worker);
      child.kill();
      if (!ended) workers.add(startWorker());
    });
    child.on("exit", (code) => {
      clearTimeout(watch);
      workers.delete(worker);
      current?.reject(new Error(`${nameOf(current.job)}: its worker ended with ${code}: ${words}`));
      if (!ended && workers.size < size) workers.add(startWorker());
    });
    function next(): void {
      if (current !== null) return;
      current = queue.shift() ?? null;
      if (current === null) return;
      child.send(current.job);
      watch = setTimeout(giveUp, LONGEST_MINUTES * 60_000, current.job);
    }
    function giveUp(job: Job): void {
      words = `${words}${nameOf(job)} did not end within ${LONGEST_MINUTES} minutes\n`;
      child.kill("SIGKILL");
    }
    const worker = { next, kill: () => child.kill() };
    next();
    return worker;
  }

  for (let index = 0; index < size; index += 1) workers.add(startWorker());
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        queue.push({ job, resolve, reject });
        for (const worker of workers) worker.next();
      }),
    end() {
      ended = true;
      for (const worker of workers) worker.kill();
    },
  };
}

function nameOf({ seed, size, scenario }: Job): string {
  return scenario === null ? `seed ${seed} (${size})` : `a scenario of seed ${seed}`;
}
