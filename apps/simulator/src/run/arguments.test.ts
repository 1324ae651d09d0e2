import { describe, expect, it } from "vitest";
import { readArguments } from "./arguments.ts";

const common = { size: "short", jobs: 2 };

describe("readArguments", () => {
  it.each([
    [["--seeds", "1000"], { kind: "seeds", first: 1, count: 1000, common }],
    [
      ["--seeds", "5", "--first", "7", "--long", "--jobs", "1"],
      { kind: "seeds", first: 7, count: 5, common: { size: "long", jobs: 1 } },
    ],
    [["--soak", "30m"], { kind: "soak", first: 1, seconds: 1800, common: { size: "long", jobs: 2 } }],
    [["--seed", "42", "--trace"], { kind: "one", seed: 42, file: null, how: "trace", mutant: null, common }],
    [["--seed", "42", "--minimize"], { kind: "one", seed: 42, file: null, how: "minimize", mutant: null, common }],
    [["--mutants", "no-block"], { kind: "mutants", names: ["no-block"], most: 150, known: false, common }],
    [["--mutants", "--known", "--seeds", "40"], { kind: "mutants", names: [], most: 40, known: true, common }],
    [["--regressions"], { kind: "regressions", common }],
  ])("understands %j", (args, command) => {
    expect(readArguments(args, 2)).toEqual(command);
  });

  it.each([[[]], [["--seeds", "many"]], [["--soak", "30"]], [["--sedes", "3"]]])(
    "says what is wrong with %j",
    (args) => {
      expect(readArguments(args, 2)).toMatchObject({ kind: "help", problem: expect.any(String) });
    },
  );
});
