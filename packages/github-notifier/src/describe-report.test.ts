import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aFailure, aReport, aSuccess } from "../test/open-github.ts";
import {
  describeCommands,
  describeCounts,
  describeFacts,
  describeFailure,
  describeRemarks,
} from "./describe-report.ts";

describe("what people read", () => {
  it("has the facts, as far as they are known", () => {
    expect(describeFacts(aFailure())).toBe(`- Image: \`dga-web\` \`sha256:${"1a2b".repeat(16)}\`
- Area: Production
- Commit: cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c
- Deployment: \`20261124t021500z-42\`
- Outcome: failed
- Plan: \`+3 ~1 -0\`
- Duration: 2 min 30 s, ended 2026-11-24T02:17:30.000Z
- Log: [in the area's account](${aFailure().logUrl}), or \`windlass logs 20261124t021500z-42\``);
    const bare = describeFacts(aReport({ commit: null, logUrl: null, startedAt: null, attempt: 2 }));
    expect(bare).toContain("`20261124t021500z-42`, attempt 2");
    expect(bare).not.toMatch(/Commit|Log|Started/);
    expect(describeFacts(aReport())).toContain("Started: 2026-11-24T02:15:00.000Z");
  });

  it("offers to unblock what is blocked, and to hold where there is something to hold at", () => {
    expect(describeCommands(aFailure({ outcome: "state-unsaved" }))).toContain(
      "windlass unblock dga-web --area production",
    );
    expect(describeCommands(aFailure({ lastGood: null }))).not.toContain("windlass hold");
  });

  it("fences an error with more backticks than it has", () => {
    const message = "it said:\n```` and ```\nend";
    const text = describeFailure(aFailure({ failure: { code: "c", message, hint: null } })) ?? "";

    expect(text).toContain(`\`\`\`\`\`text\n${message}\n\`\`\`\`\``);
    expect(describeFailure(aSuccess())).toBeNull();
  });

  it("fences whatever an error says so that nothing in it ends the block", () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom("\n", "`", "``", "```", "```text\n", "````", "~~~"));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const message = pieces.join("");
        const text = describeFailure(aFailure({ failure: { code: "c", message, hint: null } })) ?? "";
        const [, , opening = "", ...lines] = text.split("\n");
        const fence = opening.replace(/text$/, "");

        expect(fence).toMatch(/^`{3,}$/);
        expect(lines.pop()).toBe(fence);
        expect(lines.join("\n")).not.toContain(fence);
      }),
    );
  });

  it("says that there was nothing to change, in the place of counts", () => {
    const plan = { add: 0, change: 0, destroy: 0 };

    expect(describeCounts(aSuccess({ noop: true, plan }))).toBe(" (nothing to change)");
    expect(describeCounts(aSuccess({ noop: false, plan }))).toBe(" (+0 ~0 -0)");
    expect(describeCounts(aSuccess({ noop: false, plan: null }))).toBe("");
  });

  it("says which lock was broken, and shows notes so that they can mention nobody", () => {
    const holder = "20261124t001500z-41" as never;
    const remarks = describeRemarks(
      aSuccess({
        brokenLock: { id: "4f0c", holder, created: null },
        notes: ["Ask @kim. ```", "Part of the log is left out."],
      }),
    );

    expect(remarks).toEqual([
      "It broke the state lock of 20261124t001500z-41, whose instance EC2 has confirmed terminated.",
      "Notes of the run:\n\n````text\nAsk @kim. ```\nPart of the log is left out.\n````",
    ]);
    expect(describeRemarks(aSuccess())).toEqual([]);
  });

  it("cuts a long error in its middle", () => {
    const message = Array.from({ length: 5000 }, (_, index) => `line ${index} of the error`).join("\n");
    const text = describeFailure(aFailure({ failure: { code: "c", message, hint: null } })) ?? "";

    expect(text).toMatch(/line 0 of the error[\s\S]*\[\d+ lines are left out\][\s\S]*line 4999 of the error/);
    expect(text.length).toBeLessThan(21_000);
  });
});
