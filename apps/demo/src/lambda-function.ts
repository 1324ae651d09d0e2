import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { HostReply, HostRequest, TickSummary } from "./lambda-protocol.ts";
import type { MachineClock } from "./machine-clock.ts";
import { programs } from "./programs.ts";

export interface LambdaOptions {
  /** The function's whole environment, besides what Node itself needs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: MachineClock;
  /** Gets the function's log, line by line as it was written. */
  readonly log: (text: string) => void;
}

export interface LambdaFunction {
  /** Runs the handler once; rejects with the handler's own message where it threw. */
  invoke(event: unknown): Promise<TickSummary>;
  close(): Promise<void>;
}

/** Starts a process that runs the deploy Lambda's bundle, and keeps it warm. */
export function startLambda({ environment, clock, log }: LambdaOptions): LambdaFunction {
  const child = fork(programs.lambdaHost, [programs.lambda], {
    env: { ...environment },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const calls = new Map<number, (reply: HostReply) => void>();
  let ids = 0;
  child.on("message", (reply: HostReply) => {
    calls.get(reply.id)?.(reply);
    calls.delete(reply.id);
  });
  child.on("exit", (code) => {
    for (const [id, settle] of calls) settle({ id, ok: false, message: `the Lambda process ended with code ${code}` });
    calls.clear();
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => log(chunk.toString()));

  return {
    async invoke(event) {
      ids += 1;
      const request: HostRequest = { id: ids, event, clockOffset: clock.offset() };
      const reply = await new Promise<HostReply>((resolve) => {
        calls.set(request.id, resolve);
        child.send(request);
      });
      if (!reply.ok) throw new Error(reply.message);
      return reply.summary as TickSummary;
    },
    close: () => endProcess(child),
  };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
