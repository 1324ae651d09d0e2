import { describe, expect, it } from "vitest";
import type { Violation } from "../core/violation.ts";
import { findOut } from "./find-out.ts";

const violated = (invariant: Violation["invariant"]): Violation => ({
  invariant,
  message: "two at once",
  at: "2027-01-01T00:00:00.000Z",
  step: 7,
});
const holds = async () => null;

describe("a mutant", () => {
  it("is found out by the first seed in which the invariant that it breaks does not hold", async () => {
    const flawed = async (seed: number) => (seed === 2 ? violated("S3") : seed === 3 ? violated("S1") : null);

    expect(await findOut({ by: ["S1"] }, [1, 2, 3], { flawed, product: holds })).toEqual({
      kind: "killed",
      seeds: 3,
      seed: 3,
      invariant: "S1",
      message: "two at once",
    });
  });

  it("has survived where only another invariant did not hold", async () => {
    const fate = await findOut({ by: ["S1"] }, [1, 2], { flawed: async () => violated("S3"), product: holds });

    expect(fate).toEqual({ kind: "survived", others: ["S3"] });
  });

  it("may be found out by any where it names none", async () => {
    expect(await findOut({}, [1], { flawed: async () => violated("S3"), product: holds })).toMatchObject({
      kind: "killed",
      invariant: "S3",
    });
  });

  it("is unproven where the product does not pass that scenario, either", async () => {
    const fate = await findOut({}, [4], { flawed: async () => violated("S1"), product: async () => violated("L2") });

    expect(fate).toEqual({ kind: "unproven", seed: 4, why: "L2: two at once" });
  });
});
