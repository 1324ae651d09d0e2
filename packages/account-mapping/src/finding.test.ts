import { describe, expect, it } from "vitest";
import { checkMapping, MappingError, parseMapping } from "./index.ts";
import { fileWith, problemsInText } from "./testing/problems.ts";

const valid = `version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
  scratch: { branch: Develop, account: "222222222222" }
images:
  network: { kind: terraform }
`;

function withImages(images: string): string {
  return valid.replace("  network: { kind: terraform }\n", images);
}

describe("the place of a problem", () => {
  it.each([
    ["a value", valid.replace("dataGov", "data Gov"), "workload", 2, 11],
    ["an unknown key", valid.replace("images:", "colour: red\nimages:"), "colour", 6, 1],
    ["a missing key, at what it belongs to", valid.replace("branch: Develop, ", ""), "areas.scratch.branch", 5, 3],
    ["a missing key at the top, at the start", valid.replace("workload: dataGov\n", ""), "workload", 1, 1],
    ["an empty value, at its key", valid.replace(" dataGov", ""), "workload", 2, 1],
    [
      "an empty entry of a list",
      withImages("  network:\n    kind: terraform\n    after:\n      -\n"),
      "images.network.after[0]",
      10,
      8,
    ],
  ])("is that of %s", (_, text, path, line, column) => {
    expect(problemsInText(text)).toContainEqual(expect.objectContaining({ path, line, column }));
  });

  it("is found in JSON too", () => {
    const text = JSON.stringify(fileWith({ workload: 5 }), null, 2);

    expect(problemsInText(text)).toMatchObject([{ code: "wrong-type", path: "workload", line: 3, column: 15 }]);
  });

  it("names both places where two do not go together", () => {
    const text = valid.replace("images:", '  staging: { branch: Develop, account: "333333333333" }\nimages:');

    expect(problemsInText(text)).toMatchObject([
      { code: "branch-used-twice", line: 6, column: 22, found: '"Develop", as in areas.scratch.branch (line 5)' },
    ]);
  });

  it("shows a number as the file writes it", () => {
    expect(problemsInText(valid.replace('"222222222222"', "022222222222"))).toMatchObject([
      { code: "account-id-not-quoted", found: "022222222222", hint: expect.stringContaining('write "022222222222"') },
    ]);
  });

  it("shows an empty value as nothing", () => {
    expect(problemsInText(valid.replace(" dataGov", ""))).toMatchObject([{ code: "wrong-type", found: "nothing" }]);
    expect(problemsInText(valid.replace("dataGov", "~"))).toMatchObject([{ code: "wrong-type", found: "~" }]);
  });

  it("orders all problems, whichever check found them", () => {
    const text = `version: 1
workload: data gov
registry: { account: 111111111111, region: ap-southeast-2 }
areas:
  scratch: { branch: Develop, account: "222222222222" }
  scratch: { branch: Develop, account: "222222222222" }
  staging: { branch: Develop, acount: "333333333333" }
images:
  site: { kind: terraform, after: [network], timeout: 1x }
  Web: { kind: terraform }
`;

    expect(problemsInText(text).map(({ code, line }) => `${line} ${code}`)).toEqual([
      "2 invalid-name",
      "3 account-id-not-quoted",
      "6 duplicate-key",
      "7 missing-key",
      "7 branch-used-twice",
      "7 unknown-key",
      "9 unknown-image",
      "9 invalid-duration",
      "10 invalid-repository-name",
    ]);
  });
});

describe("the message of a MappingError", () => {
  function messageOf(read: () => unknown): string {
    try {
      read();
    } catch (error) {
      if (error instanceof MappingError) return error.message;
    }
    return "no MappingError";
  }

  it("is the line of the problem where there is one", () => {
    const text = valid.replace('"222222222222"', "022222222222");

    expect(messageOf(() => parseMapping(text, { file: "windlass.yaml" }))).toBe(
      "windlass.yaml:5:40: areas.scratch.account: account id without quotes: expected an AWS account id: 12 digits in quotes, found 022222222222 (account-id-not-quoted). " +
        'Hint: write "022222222222"; YAML takes leading zeros off a number',
    );
  });

  it("has a heading and one line for each of several problems", () => {
    const text = valid.replace("dataGov", "5").replace("images:", "imgaes:");

    expect(messageOf(() => parseMapping(text)).split("\n")).toEqual([
      "3 problems in account-mapping",
      expect.stringMatching(/^account-mapping:1:1: images: missing key: .* \(missing-key\)\. Hint: /),
      expect.stringMatching(
        /^account-mapping:2:11: workload: wrong type: .* \(wrong-type\)\. Hint: write it in quotes: "5"$/,
      ),
      expect.stringMatching(/^account-mapping:6:1: imgaes: unknown key: .* Hint: did you mean "images"\?$/),
    ]);
  });

  it("names the file alone where the text as a whole is the problem, and paths alone where there is no text", () => {
    expect(messageOf(() => parseMapping("", { file: "a.yaml" }))).toMatch(/^a\.yaml:1:1: empty file: /);
    expect(messageOf(() => checkMapping(5, { file: "slice" }))).toMatch(/^slice: not an account mapping: /);
    expect(messageOf(() => checkMapping(fileWith({ workload: 5 }), { file: "slice" }))).toMatch(
      /^slice: workload: wrong type: /,
    );
  });
});
