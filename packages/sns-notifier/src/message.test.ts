import { describe, expect, it } from "vitest";
import { aReport } from "../test/reports.ts";
import { messageOf } from "./message.ts";

const COMMIT_URL = "https://github.com/AusDTO/dga-web/commit/cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c";

describe("the message", () => {
  it("says what failed, where, why, and what happens next", () => {
    expect(messageOf(aReport(), COMMIT_URL)).toBe(`Failed to deploy dga-web in Production

image       dga-web sha256:${"1a2b".repeat(16)}
commit      cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c  ${COMMIT_URL}
deployment  20261124t021500z-42
outcome     failed
plan        +3 ~1 -0
duration    2 min 30 s
log         https://ap-southeast-2.console.aws.amazon.com/s3/buckets/b?prefix=runs/20261124t021500z-42/

terraform-failed:
Error: no such bucket

make the bucket

It is not tried again until there is a new head, or a person asks for it.

windlass retry dga-web --area production --reason "..."
`);
  });

  it("is short where there is little to say", () => {
    const report = aReport({
      stage: "running",
      outcome: null,
      commit: null,
      plan: null,
      failure: null,
      endedAt: null,
      logUrl: null,
      attempt: 2,
    });

    expect(messageOf(report, null)).toBe(`Deploying dga-web in Production

image       dga-web sha256:${"1a2b".repeat(16)}
deployment  20261124t021500z-42, attempt 2
`);
  });

  it.each([
    [{ retryAt: "2026-11-24T02:20:00.000Z" }, "It is tried again by itself, at 2026-11-24T02:20:00.000Z."],
    [{ outcome: "unknown" }, "windlass unblock dga-web --area production"],
    [{ outcome: "lost", lastGood: { digest: "sha256:ab", commit: "1f0c2aa" } }, "Live is sha256:ab (1f0c2aa)."],
    [{ outcome: "failed", lastGood: { digest: "sha256:ab", commit: null } }, "Live is sha256:ab.\n"],
  ])("of %o says what happens next", (change, next) => {
    expect(messageOf(aReport(change as object), null)).toContain(next);
  });

  it("says nothing of what happens next after a success", () => {
    expect(messageOf(aReport({ outcome: "succeeded", failure: null }), null)).not.toContain("windlass");
  });

  it("tells what people should know though nothing failed", () => {
    const brokenLock = { id: "4f0c", holder: "20261124t001500z-41" as never, created: null };
    const success = aReport({ outcome: "succeeded", failure: null, logUrl: null, noop: true, brokenLock });

    expect(messageOf({ ...success, notes: ["Part of the log is left out."] }, null)).toMatch(
      /duration {4}2 min 30 s\n\nThere was nothing to change\.\nIt broke the state lock of 20261124t001500z-41, whose instance EC2 has confirmed terminated\.\nPart of the log is left out\.\n$/,
    );
  });

  it("keeps whole lines of a long error, and says how many it left out", () => {
    const message = Array.from({ length: 500 }, (_, index) => `line ${index} of the error`).join("\n");
    const told = messageOf(aReport({ failure: { code: "c", message, hint: null } }), null);

    const [, kept = ""] = /line (\d+) of the error\n\[\d+ more lines/.exec(told) ?? [];
    expect(told).toContain(`[${499 - Number(kept)} more lines are in the log]`);
    expect(told.length).toBeLessThan(5_000);
  });

  it("never tells a secret", () => {
    const secret = `ghs_1_${"aB3dE5fG7hJ9".repeat(4)}`;
    const told = messageOf(
      aReport({
        failure: { code: "c", message: `token ${secret}`, hint: `password = "hunter2"` },
        notes: [`again ${secret}`],
      }),
      null,
    );

    expect(told).not.toContain(secret);
    expect(told).not.toContain("hunter2");
  });
});
