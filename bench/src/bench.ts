import type { Bar } from "./bars.ts";
import { reportBars } from "./bars.ts";
import { benchBoard } from "./board-bench.ts";
import { benchBundle } from "./bundle-bench.ts";
import { benchCli } from "./cli-bench.ts";
import { benchRunner } from "./runner-bench.ts";
import { benchTick } from "./tick-bench.ts";

/** `bench tick`, `bench bundle`, `bench cli`, or all three without an argument; `bench runner`, `bench board`. Exit code 1 where a bar is not met. */
const BENCHES: Readonly<Record<string, () => Promise<readonly Bar[]>>> = {
  tick: benchTick,
  bundle: benchBundle,
  runner: benchRunner,
  cli: benchCli,
  board: benchBoard,
};
/** Those that need nothing of the machine but Node. */
const EVERYWHERE = ["tick", "bundle", "cli"];

async function main(names: readonly string[]): Promise<number> {
  const wanted = names.length === 0 ? EVERYWHERE : names;
  const unknown = wanted.filter((name) => BENCHES[name] === undefined);
  if (unknown.length > 0) {
    console.error(`expected ${Object.keys(BENCHES).join(" or ")}, found ${unknown.join(", ")}`);
    return 2;
  }
  try {
    const bars: Bar[] = [];
    for (const name of wanted) bars.push(...((await BENCHES[name]?.()) ?? []));
    return reportBars(bars) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2).filter((argument) => argument !== "--"));
