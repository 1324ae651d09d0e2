import { describe, expect, it } from "vitest";
import { createNarrator, silentNarrator } from "./narrator.ts";

function narrate(options: { interactive: boolean; colour: boolean }) {
  let written = "";
  const narrator = createNarrator({ ...options, write: (text) => (written += text), columns: 50 });
  return { narrator, written: () => written };
}

describe("the narrator", () => {
  it("writes plain lines, and no progress, where nobody watches", () => {
    const { narrator, written } = narrate({ interactive: false, colour: false });
    narrator.chapter("One");
    narrator.progress("going on");
    narrator.tell("it happened");
    narrator.stress("it failed", "bad");

    expect(written()).toBe("\nOne\n  it happened\n  it failed\n");
  });

  it("writes over its progress on a terminal, within one line", () => {
    const { narrator, written } = narrate({ interactive: true, colour: false });
    narrator.progress("x".repeat(200));
    narrator.tell("done");

    expect(written()).toBe(`\r\u001b[2K  ${"x".repeat(47)}\r\u001b[2K  done\n`);
  });

  it("colours good and bad news where it may", () => {
    const { narrator, written } = narrate({ interactive: false, colour: true });
    narrator.stress("live", "good");

    expect(written()).toBe("  \u001b[32mlive\u001b[0m\n");
  });

  it("can keep quiet", () => {
    expect(() => silentNarrator().tell("nothing")).not.toThrow();
  });
});
