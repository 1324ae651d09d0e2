// The root commands: `node scripts/run.mjs <command> [args]`. Needs Node and npm, and nothing installed.
import { oldNodeProblem } from "./node-version.mjs";

const problem = oldNodeProblem(process.versions.node);
if (problem === null) {
  const { runCommand } = await import("./commands.mjs");
  process.exitCode = await runCommand(process.argv.slice(2));
} else {
  console.error(problem);
  process.exitCode = 1;
}
