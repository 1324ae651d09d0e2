import { describe, expect, it } from "vitest";
import { anAssignment } from "../support/records.ts";
import { type Aftermath, type Evidence, judgeAftermath, judgeDeployment } from "./judge.ts";

const NONCE = "nonce-of-the-holder";
const { deployment: id, epoch, digest } = anAssignment();
type Ended = Evidence["deployment"];

function stateWith(...names: readonly string[]): string {
  const resources = names.map((name) => {
    const [resource, version] = name.split("@");
    const attributes = { triggers_replace: { value: version, type: "string" } };
    return { name: resource, instances: [{ attributes }] };
  });
  return JSON.stringify({ resources });
}

function resultWith(outcome: string): string {
  const at = "2026-11-24T09:00:00.000Z";
  const told = { exitCode: 0, digest, plan: null, failure: null, steps: [], brokenLock: null, notes: [] };
  const run = { schema: 1, deployment: id, epoch, instance: "i-1", nonce: NONCE };
  return JSON.stringify({ ...run, outcome, ...told, startedAt: at, endedAt: at });
}

const ALL = ["one@7", "two@7", "three@7", "four@7"];

interface Change extends Partial<Evidence> {
  readonly outcome?: Ended["state"];
  readonly hint?: string;
}

function evidence(change: Change = {}): Evidence {
  const { outcome = "succeeded", hint = null, ...rest } = change;
  const failure = outcome === "succeeded" ? null : { code: "of-a-kind", message: "what was said", hint };
  return {
    version: 7,
    deployment: { id, epoch, state: outcome, failure } as Ended,
    created: ALL,
    state: stateWith(...ALL),
    erroredState: null,
    claim: JSON.stringify({ holder: "runner", nonce: NONCE }),
    result: null,
    live: outcome === "succeeded",
    ...rest,
  };
}

describe("what is judged of a struck deployment", () => {
  it("is nothing where all of it is in the state", () => {
    expect(judgeDeployment(evidence({ result: resultWith("noop") }))).toEqual([]);
  });

  it.each([
    ["a digest that is live without its state", { state: stateWith("one@7", "two@6") }, "live without two@7"],
    ["a digest that is live though its deployment failed", { outcome: "failed", live: true }, "failed, and live"],
    ["a success that is not live", { live: false }, "succeeded, and live is false"],
    ["a resource that no state has", { outcome: "failed", state: stateWith("one@7") }, "no state has two@7, three@7"],
    ["a state that is gone", { outcome: "lost", state: null, created: ["one@7"] }, "no state has one@7"],
    [
      "a resource that neither the saved state nor the one kept aside has, where the report promises it there",
      {
        outcome: "state-unsaved",
        hint: "aws s3 cp s3://b/runs/x/errored.tfstate errored.tfstate",
        state: stateWith("one@7"),
        erroredState: stateWith("one@7", "two@7"),
      },
      "state-unsaved, and no state has three@7, four@7",
    ],
    [
      "a state that is nowhere, and a report that does not say so",
      { outcome: "state-unsaved", state: null },
      "no state has one@7",
    ],
    ["a result that is not valid", { result: "{}" }, "the result is not valid"],
    ["a result of another", { result: resultWith("noop").replace(id, `${id}1`) }, "the result is another's"],
    [
      "a result of nobody who holds the claim",
      { result: resultWith("noop"), claim: null },
      "not of the claim's holder",
    ],
    ["a result that the ledger does not follow", { result: resultWith("failed") }, "the result says failed"],
  ] as const)("is %s", (_, change, problem) => {
    const problems = judgeDeployment(evidence(change));

    expect(problems.join("\n")).toContain(problem);
  });

  it.each([
    ["errored.tfstate has it", { outcome: "failed", state: null, erroredState: stateWith(...ALL) }],
    ["the outcome says so", { outcome: "unknown", state: null }],
    [
      "it is kept aside, and the report says where",
      { outcome: "state-unsaved", state: stateWith("one@7"), erroredState: stateWith(...ALL) },
    ],
    [
      "the report says that it could not be kept",
      { outcome: "state-unsaved", state: null, hint: "the state could not be kept either: compare the account" },
    ],
  ] as const)("is not a lost state where %s", (_, change) => {
    expect(judgeDeployment(evidence(change))).toEqual([]);
  });
});

describe("what is judged afterwards", () => {
  const calm: Aftermath = {
    followUp: { state: "succeeded", failure: null, brokenLock: null },
    locked: false,
    desired: 0,
    instances: [],
    containers: [],
  };
  const locked = { code: "state-locked", message: "Error acquiring the state lock", hint: null };

  it("is nothing where the next deployment succeeds, or reports the lock", () => {
    expect(judgeAftermath(calm)).toEqual([]);
    expect(judgeAftermath({ ...calm, followUp: { state: "failed", failure: locked, brokenLock: null } })).toEqual([]);
  });

  it.each([
    ["a next deployment that does not end", { followUp: null }, "has not ended"],
    ["one that fails", { followUp: { state: "failed", failure: null, brokenLock: null } }, "ended failed"],
    ["a lock that outlives it", { locked: true }, "the lock is still there"],
    ["capacity", { desired: 1 }, "the desired capacity is 1"],
    ["an instance", { instances: ["i-1"] }, "the instance i-1"],
    ["a container", { containers: ["windlass-1"] }, "the container windlass-1"],
  ] as const)("is %s", (_, change, problem) => {
    expect(judgeAftermath({ ...calm, ...change }).join("\n")).toContain(problem);
  });
});
