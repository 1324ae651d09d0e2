import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aReport } from "../test/reports.ts";
import { subjectOf } from "./subject.ts";

describe("the subject", () => {
  it.each([
    [{}, "Failed to deploy dga-web in Production #cc83ec5"],
    [{ stage: "running", outcome: null }, "Deploying dga-web in Production #cc83ec5"],
    [{ outcome: "succeeded" }, "Deployed dga-web in Production #cc83ec5"],
    [{ outcome: "superseded" }, "Superseded dga-web in Production #cc83ec5"],
    [{ outcome: "cancelled" }, "Cancelled dga-web in Production #cc83ec5"],
    [{ outcome: "state-unsaved", commit: null }, "Failed to deploy dga-web in Production @1a2b1a2"],
  ] as const)("of %o is %j", (change, subject) => {
    expect(subjectOf(aReport(change))).toBe(subject);
  });

  it("cuts long names in their middle", () => {
    const subject = subjectOf(aReport({ image: `team/${"x".repeat(200)}/web` }));

    expect(subject).toMatch(/^Failed to deploy team\/x+\.\.\.x+\/web in Production #cc83ec5$/);
    expect(subject).toHaveLength(100);
  });

  it("is one that SNS takes, whatever the names are", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 300 }),
        fc.string({ minLength: 1, maxLength: 100 }),
        (image, area) => {
          expect(subjectOf(aReport({ image, area }))).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
        },
      ),
    );
  });
});
