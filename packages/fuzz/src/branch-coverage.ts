import { type Profiler, Session } from "node:inspector";

/** What of some scripts has run. */
export interface BranchCoverage {
  /** The blocks that ran since this was last asked: V8's blocks are the branches. */
  look(): ReadonlySet<string>;
  close(): void;
}

/** Watches the scripts whose address contains `part`, by V8's precise coverage. */
export function openBranchCoverage(part: string): BranchCoverage {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

  function take(): readonly Profiler.ScriptCoverage[] {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    // A session of one's own thread answers before `post` returns.
    session.post("Profiler.takePreciseCoverage", (error, taken) => {
      if (error === null) scripts = taken.result.filter(({ url }) => url.includes(part));
    });
    return scripts;
  }

  return {
    look: () => new Set(take().flatMap(listBlocks)),
    close: () => session.disconnect(),
  };
}

function listBlocks({ scriptId, functions }: Profiler.ScriptCoverage): readonly string[] {
  return functions
    .flatMap(({ ranges }) => ranges)
    .filter(({ count }) => count > 0)
    .map(({ startOffset, endOffset }) => `${scriptId}:${startOffset}-${endOffset}`);
}
