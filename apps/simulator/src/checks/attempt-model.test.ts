import type { Deployment, Ledger } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import type { ControlTruth } from "../world/truth.ts";
import { createAttemptModel } from "./attempt-model.ts";

const END = "2027-01-01T00:00:00.000Z";
const after = (minutes: number) => new Date(Date.parse(END) + minutes * 60_000).toISOString();

function ledger(head: string, ...ends: Partial<Deployment>[]): Ledger {
  const deployments = ends.map((end, index) => {
    const common = { id: `d${index}`, image: "web", digest: "a", cancel: null, endedAt: END };
    return [`d${index}`, { ...common, ...end }];
  });
  return {
    images: { web: { hold: null, head: { digest: head } } },
    deployments: Object.fromEntries(deployments),
  } as never;
}

/** After these ends, one version of the ledger after the other. */
function modelAfter(...states: Partial<Deployment>[]) {
  const model = createAttemptModel();
  let before = ledger("a");
  model.note(null, before, []);
  states.forEach((_, index) => {
    const next = ledger("a", ...states.slice(0, index + 1));
    model.note(before, next, []);
    before = next;
  });
  return { model, before };
}

const start = (minutes: number) => ({ image: "web", digest: "a", launchedAt: after(minutes) }) as Deployment;
const failed = { state: "failed" } as const;
const lost = { state: "lost" } as const;

describe("attempts, counted in a second way", () => {
  it("are refused once they failed more often than the image's retries", () => {
    expect(modelAfter(failed).model.refuse(start(60), 1)).toBeNull();
    expect(modelAfter(failed).model.refuse(start(60), 0)).toContain("failed 1 times");
  });

  it("are refused once they were interrupted four times, whatever the retries are", () => {
    expect(modelAfter(lost, lost, lost).model.refuse(start(60), 0)).toBeNull();
    expect(modelAfter(lost, lost, lost, lost).model.refuse(start(60), 2)).toContain("interrupted 4 times");
  });

  it.each([
    [1, 0.9, false],
    [1, 1, true],
    [2, 4.9, false],
    [2, 5, true],
    [3, 14.9, false],
    [3, 15, true],
  ])("after %d interruptions a start %d minutes later is fine: %s", (ends, minutes, fine) => {
    const { model } = modelAfter(...Array.from({ length: ends }, () => lost));

    expect(model.refuse(start(minutes), 0) === null).toBe(fine);
  });

  it("are refused after a person had one cancelled", () => {
    expect(modelAfter({ state: "cancelled" }).model.refuse(start(60), 2)).toContain("cancelled");
  });

  it("begin anew when a person asks for a retry, and when the head moves away and back", () => {
    const asked = modelAfter(failed);
    asked.model.note(asked.before, asked.before, [{ kind: "retry", image: "web" } as ControlTruth]);
    const moved = modelAfter(failed);
    moved.model.note(moved.before, ledger("b", failed), []);

    expect(asked.model.refuse(start(0), 0)).toBeNull();
    expect(moved.model.refuse(start(0), 0)).toBeNull();
  });
});
