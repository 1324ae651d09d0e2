import { describe, expect, it } from "vitest";
import { openGitHub, unlimited } from "./open-github.ts";
import { atOnce, countsOf, type Story, stories } from "./stories.ts";

/** GitHub while the request of that number (from 1) goes wrong; with 0 only counts. */
async function play(story: Story, at: number, kind: "error-before" | "error-after") {
  const github = openGitHub();
  let seen = 0;
  github.sandbox.faults.add({
    kind,
    service: "github",
    code: kind === "error-before" ? "ECONNRESET" : undefined,
    match: () => {
      seen += 1;
      return seen === at;
    },
  } as Parameters<typeof github.sandbox.faults.add>[0]);
  await story(github, (task) => github.newNotifier().deliver(task, unlimited()));
  return { github, seen };
}

describe.each(stories)("$title", ({ story }) => {
  it.each(["error-before", "error-after"] as const)("is shown once when any one request fails by %s", async (kind) => {
    const clean = await play(story, 0, kind);
    const wanted = countsOf(clean.github);
    expect(clean.seen).toBeGreaterThan(7);

    await atOnce(clean.seen, async (at) => {
      const { github } = await play(story, at, kind);

      expect(countsOf(github), `request ${at} of ${clean.seen}`).toEqual(wanted);
      expect(github.github.violations()).toEqual([]);
    });
  });
});
