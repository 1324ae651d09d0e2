import { missingContainers } from "@windlass/containers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KillArea, openKillArea } from "../kill/kill-area.ts";
import { KINDS } from "../kill/kinds.ts";
import { planRuns } from "../kill/matrix.ts";
import { PHASES } from "../kill/moments.ts";
import { type Cell, type CellRunner, createCellRunner } from "../kill/run-cell.ts";

const SEED = 7;
const missing = missingContainers();

/** Every phase once or twice, and every kind of kill in several of them; `pnpm test:kill` goes through all. */
const CELLS: readonly Cell[] = [
  { kind: "runner", phase: "pull" },
  { kind: "sigterm", phase: "pull" },
  { kind: "machine", phase: "init" },
  { kind: "sigterm", phase: "plan" },
  { kind: "machine", phase: "plan" },
  { kind: "machine", phase: "apply-first" },
  { kind: "runner", phase: "apply-first" },
  { kind: "sigterm", phase: "apply-last" },
  { kind: "network", phase: "apply-last" },
  { kind: "machine", phase: "save" },
  { kind: "network-while", phase: "save" },
  { kind: "network-while", phase: "result" },
  { kind: "machine", phase: "retire" },
];

describe("a runner that is struck", { timeout: 600_000 }, () => {
  let area: KillArea | undefined;
  let runner: CellRunner | undefined;

  beforeAll(async () => {
    if (missing !== null) return;
    area = await openKillArea(SEED);
    runner = createCellRunner(area);
    await runner.prepare();
  }, 600_000);
  afterAll(() => area?.close(), 60_000);

  for (const run of planRuns(CELLS, CELLS.length, SEED)) {
    it(`leaves nothing behind: ${run.kind}, ${run.phase}, state: ${run.mode}`, async (context) => {
      if (missing !== null) context.skip(missing);

      const end = await runner?.run(run);

      expect(end?.violations, end?.log).toEqual([]);
    });
  }

  it("is struck in every way and in every phase", () => {
    expect(new Set(CELLS.map(({ kind }) => kind))).toEqual(new Set(KINDS));
    expect(new Set(CELLS.map(({ phase }) => phase))).toEqual(new Set(PHASES));
  });
});
