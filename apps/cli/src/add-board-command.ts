import type { Command } from "commander";
import { addAreaOptions } from "./area-options.ts";
import type { BoardOptions } from "./board/board.ts";
import type { CliWorld } from "./cli-world.ts";
import type { RunCommand } from "./run-cli.ts";

export function addBoardCommand(program: Command, world: CliWorld, run: RunCommand): void {
  addAreaOptions(program.command("board"))
    .description("Serves the board on this machine, for you alone, and opens it in the browser.")
    .option("--area <area>", "this area alone")
    .option("--port <port>", "on this port; 0 is any that is free", "0")
    .option("--interval <seconds>", "between two looks at the areas", "3")
    .option("--no-open", "print the address, and open no browser")
    .option("--json", "print one JSON object when it is served: { url }")
    .addHelpText("after", "\nExit codes: 0 when it is interrupted, 2 it could not be served, 3 there is no such area.")
    .action((options: BoardOptions) => run(async () => (await import("./board/board.ts")).showBoard(world, options)));
}
