import { describe, expect, it } from "vitest";
import { fileWith, fileWithArea, fileWithImage, problemsIn, summarize } from "./testing/problems.ts";

const refresh = { kind: "instance-refresh", groups: ["web-asg"] };

describe("an account id without quotes", () => {
  it("is told from other wrong types, with what to write", () => {
    expect(problemsIn(fileWithArea({ account: 222222222222 }))).toMatchObject([
      {
        code: "account-id-not-quoted",
        path: "areas.scratch.account",
        expected: "an AWS account id: 12 digits in quotes",
        found: "222222222222",
        hint: 'write "222222222222"; YAML takes leading zeros off a number',
      },
    ]);
  });

  it("asks for all digits where a leading zero is lost already", () => {
    expect(problemsIn(fileWithArea({ account: 12345678901 }))).toMatchObject([
      { code: "account-id-not-quoted", hint: "write all 12 digits in quotes; YAML takes leading zeros off a number" },
    ]);
  });
});

describe("keys", () => {
  it("that are missing are told at what they belong to", () => {
    const file = fileWith({ areas: { scratch: { branch: "Develop" } }, images: { web: { kind: "instance-refresh" } } });

    expect(problemsIn(file)).toMatchObject([
      {
        code: "missing-key",
        path: "areas.scratch.account",
        expected: '"account": an AWS account id: 12 digits in quotes',
        found: "nothing",
        hint: 'add the key "account" to areas.scratch',
      },
      { code: "missing-key", path: "images.web.groups" },
    ]);
  });

  it("that are missing at the top are told together", () => {
    expect(problemsIn({})).toMatchObject(
      ["version", "workload", "registry", "areas", "images"].map((path) => ({
        code: "missing-key",
        path,
        hint: `add the key "${path}"`,
      })),
    );
  });

  it.each([
    ["image", fileWith({ image: {} }), 'did you mean "images"?'],
    ["colour", fileWith({ colour: 1 }), "remove it"],
    ["brnch", fileWithArea({ brnch: "x" }), 'did you mean "branch"?'],
    [
      "<<",
      fileWithArea({ "<<": {} }),
      "YAML 1.2 has no merge keys: write the keys out, or use an alias for a whole value",
    ],
    [
      "groups",
      fileWithImage({ kind: "terraform", groups: ["x"] }),
      "an image of kind instance-refresh has it, one of kind terraform has not",
    ],
    [
      "state",
      fileWithImage({ ...refresh, state: "managed" }),
      "an image of kind terraform has it, one of kind instance-refresh has not",
    ],
    ["groups", fileWithArea({ groups: ["x"] }), "remove it"],
    ["__proto__", JSON.parse('{"__proto__":1}'), "remove it"],
  ])("that are unknown get a hint: %s", (key, file, hint) => {
    const unknown = problemsIn(file).filter(({ code }) => code === "unknown-key");

    expect(unknown).toMatchObject([{ found: JSON.stringify(key), hint }]);
  });

  it("that are known are listed where one is unknown", () => {
    expect(problemsIn(fileWith({ registry: { account: "111111111111", region: "eu-west-1", id: 1 } }))).toMatchObject([
      { code: "unknown-key", path: "registry.id", expected: 'only the keys "account" or "region"' },
    ]);
  });
});

describe("an image of unknown kind", () => {
  it("is checked for what both kinds know, so that nothing else waits for the next attempt", () => {
    const image = { kind: "terrafrom", timeout: "5", groups: [], variables: { a: 1 }, colour: "red" };

    const problems = problemsIn(fileWithImage(image));

    expect(summarize(problems)).toEqual([
      "invalid-kind at images.network.kind",
      "invalid-duration at images.network.timeout",
      "too-few-entries at images.network.groups",
      "unknown-key at images.network.colour",
    ]);
    expect(problems[0]).toMatchObject({ found: '"terrafrom"', hint: 'did you mean "terraform"?' });
  });

  it("misses its kind", () => {
    expect(problemsIn(fileWithImage({}))).toMatchObject([
      { code: "missing-key", path: "images.network.kind", expected: '"kind": terraform or instance-refresh' },
    ]);
  });
});

describe("a file of a newer format", () => {
  it("has that one problem, since all else in it may be right", () => {
    expect(problemsIn({ version: 2, everything: "new" })).toMatchObject([
      { code: "unsupported-version", path: "version", expected: "1", found: "2" },
    ]);
  });
});
