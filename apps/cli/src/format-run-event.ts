import type { CliWorld } from "./cli-world.ts";
import type { RunEvent } from "./follow-run.ts";
import { styleOf } from "./style.ts";

/** An event as text that follows the event before it: headings begin on lines of their own. */
export function formatRunEvent(
  event: RunEvent,
  before: RunEvent | null,
  screen: Pick<CliWorld, "terminal" | "env">,
): string {
  const style = styleOf(screen);
  const line = (text: string) => `${isOpenLine(before) ? "\n" : ""}${style.bold(`==> ${text}`)}\n`;
  switch (event.kind) {
    case "state":
      return line(event.text);
    case "log":
      return `${before?.kind === "log" && before.step === event.step ? "" : line(event.step)}${event.text}`;
    case "end": {
      const taken = event.taken ? "" : "; the next tick takes it";
      const failure = event.failure === null ? "" : `: ${event.failure}`;
      return line(`${event.outcome}${failure}${taken}`);
    }
  }
}

function isOpenLine(before: RunEvent | null): boolean {
  return before?.kind === "log" && before.text !== "" && !before.text.endsWith("\n");
}
