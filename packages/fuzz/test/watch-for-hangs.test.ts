import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const watchdog = new URL("../src/watchdog.mjs", import.meta.url).href;

/** A program with a watch of half a second, which does this once the watch has begun. */
function run(action: string) {
  const program = `
    import { Worker } from "node:worker_threads";
    const progress = new Int32Array(new SharedArrayBuffer(8));
    const workerData = { progress, targets: ["mapping", "ledger"], seed: 7, limitMs: 500 };
    const watch = new Worker(new URL("${watchdog}"), { workerData, execArgv: [] });
    watch.once("online", () => { ${action} });
  `;
  const { signal, status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    timeout: 30_000,
    killSignal: "SIGTERM",
  });
  return { signal, status, stderr };
}

describe("a watch for hangs", () => {
  it("ends a process whose only thread is in an endless loop, and says of which case", () => {
    const ended = run("progress[0] = 1; progress[1] = 42; for (;;);");

    expect(ended).toEqual({
      signal: "SIGKILL",
      status: null,
      stderr: "ledger: no end of case 42 of seed 7 within 500 ms\n",
    });
  });

  it("lets one be that is between two targets", () => {
    const ended = run("progress[0] = 1; setTimeout(() => watch.terminate(), 1000);");

    expect(ended).toEqual({ signal: null, status: 0, stderr: "" });
  });
});
