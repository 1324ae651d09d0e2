import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { covers, describeCall, grantsOf } from "../support/grants.ts";
import { playLambda } from "../support/lambda-scenarios.ts";
import { playRunner } from "../support/runner-scenarios.ts";
import { exampleWith, synthesize } from "../support/templates.ts";
import { isFor, UNCALLED_GRANTS } from "../support/uncalled-grants.ts";

const listed = JSON.parse(readFileSync(new URL("../../granted-actions.json", import.meta.url), "utf8"));

/** The example, with the state buckets of the worlds that the scenarios are played in. */
const { templates } = synthesize(
  exampleWith(
    ["alias: sts-scratch\n", "alias: sts-scratch\n    infra: { bucket: windlass-state-222222222222 }\n"],
    ["alias: sts-non-prod\n", "alias: sts-non-prod\n    infra: { bucket: windlass-state-333333333333 }\n"],
  ),
);

describe.each([
  ["windlass-lambda", "area-scratch", playLambda],
  ["windlass-instance", "area-staging", playRunner],
] as const)("the role %s", async (role, stack, play) => {
  const grants = grantsOf(templates[stack], role);
  const calls = await play();
  const exceptions = UNCALLED_GRANTS.filter((one) => one.role === role);

  it("has the list of its actions, which the tests of Lambda, runner and demo hold their calls against, up to date", () => {
    expect(listed[role]).toEqual([...new Set(grants.map(({ action }) => action))].sort());
  });

  it("is granted everything that is called with it, on what it is called on", () => {
    const refused = calls.filter((call) => !grants.some((grant) => covers(grant, call)));

    expect([...new Set(refused.map(describeCall))]).toEqual([]);
    expect(calls.length).toBeGreaterThan(150);
  });

  it("is granted nothing that no scenario calls, but for the exceptions with their reasons", () => {
    const uncalled = grants.filter((grant) => !calls.some((call) => covers(grant, call)));
    const unexplained = uncalled.filter((grant) => !exceptions.some((one) => isFor(one, role, grant)));

    expect(unexplained.map(describeCall)).toEqual([]);
    expect(exceptions.filter((one) => !uncalled.some((grant) => isFor(one, role, grant)))).toEqual([]);
  });
});
