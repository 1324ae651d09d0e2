import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeploymentError } from "./deployment-error.ts";
import { emptyLedger, parseLedger, serializeLedger } from "./ledger-file.ts";
import { SCOPE, World } from "./testing/world.ts";

const NOW = new Date("2026-11-24T00:00:00Z");

function refusal(text: string): DeploymentError {
  try {
    parseLedger(text, SCOPE);
  } catch (error) {
    return error as DeploymentError;
  }
  throw new Error("the ledger was accepted");
}

describe("parseLedger", () => {
  it("reads back what was written", () => {
    const world = new World().push("dga-network", "a");
    world.tick();

    expect(parseLedger(serializeLedger(world.ledger), SCOPE)).toEqual(world.ledger);
  });

  it.each([
    ["", "ledger-unreadable"],
    ["{", "ledger-unreadable"],
    ["null", "ledger-invalid"],
    ["[]", "ledger-invalid"],
    ["{}", "ledger-invalid"],
    ['{"schema":0}', "ledger-invalid"],
    ['{"schema":"1"}', "ledger-invalid"],
    ['{"schema":2}', "ledger-newer"],
  ])("refuses %j as %s", (text, code) => {
    expect(refusal(text)).toMatchObject({ code, where: "ledger.json" });
  });

  it.each([
    [{ area: "production" }, "dataGov/production in account 222222222222"],
    [{ workload: "other" }, "other/scratch in account 222222222222"],
    [{ account: "333333333333" }, "dataGov/scratch in account 333333333333"],
  ])("refuses a ledger of another area: %j", (change, found) => {
    const foreign = serializeLedger({ ...emptyLedger(SCOPE, NOW), ...change });

    expect(refusal(foreign)).toMatchObject({
      code: "ledger-foreign",
      expected: "dataGov/scratch in account 222222222222",
      found,
    });
  });

  it("refuses a key that it could not keep, and names it", () => {
    const extended = { ...emptyLedger(SCOPE, NOW), somethingNewer: {} };

    expect(refusal(JSON.stringify(extended)).found).toContain("somethingNewer");
  });

  it("reads a ledger that was written before areas could be paused", () => {
    const { pause, ...older } = emptyLedger(SCOPE, NOW);

    expect(pause).toBeNull();
    expect(parseLedger(JSON.stringify(older), SCOPE)).toEqual(emptyLedger(SCOPE, NOW));
  });

  it.each([
    ["under another id", { id: "20261124t000000z-77" }, "expected the deployment under its own id"],
    ["with an epoch that was never handed out", { epoch: 78 }, "expected an epoch up to the ledger's"],
  ])("refuses a deployment %s", (_what, change, found) => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { ledger } = world;
    const deployments = Object.fromEntries(
      Object.entries(ledger.deployments).map(([id, deployment]) => [id, { ...deployment, ...change }]),
    );

    expect(refusal(JSON.stringify({ ...ledger, deployments }))).toMatchObject({
      code: "ledger-invalid",
      found: expect.stringContaining(found),
    });
  });

  it("refuses a ledger that can not say who is dead, and names what is missing", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { dead, ...older } = world.ledger.images["dga-network"]!;
    const text = JSON.stringify({ ...world.ledger, images: { "dga-network": older } });

    expect(dead).toEqual([]);
    expect(refusal(text)).toMatchObject({
      code: "ledger-invalid",
      found: expect.stringContaining("images.dga-network.dead"),
      hint: expect.stringContaining("the bucket keeps earlier versions"),
    });
  });

  it("names the first problems and counts the rest", () => {
    expect(refusal('{"schema":1}').found).toMatch(/^workload: .*; area: .*; and 7 more$/);
  });

  it("survives any JSON with a code, and never with anything else", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(refusal(text).code).toMatch(/^ledger-(unreadable|invalid|newer)$/);
      }),
    );
  });
});
