import { describe, expect, it } from "vitest";
import { areaWith, fileWith, problemsIn, summarize } from "./testing/problems.ts";

const terraform = { kind: "terraform" };
const refresh = { kind: "instance-refresh", groups: ["web-asg"] };

describe("names", () => {
  it.each([
    ["an area with a space", fileWith({ areas: { "a b": areaWith() } }), 'invalid-name at areas["a b"]'],
    ["an area with a slash", fileWith({ areas: { "a/b": areaWith() } }), 'invalid-name at areas["a/b"]'],
    [
      "an area of 65 letters",
      fileWith({ areas: { ["a".repeat(65)]: areaWith() } }),
      `invalid-name at areas.${"a".repeat(65)}`,
    ],
    ["an image without a name", fileWith({ images: { "": terraform } }), 'invalid-name at images[""]'],
    ["an image that starts with a dash", fileWith({ images: { "-a": terraform } }), "invalid-name at images.-a"],
    [
      "a variable with a dot",
      fileWith({ images: { a1: { ...terraform, variables: { "a.b": 1 } } } }),
      'invalid-name at images.a1.variables["a.b"]',
    ],
    [
      "a variable that starts with a digit",
      fileWith({ images: { a1: { ...terraform, variables: { "1a": 1 } } } }),
      "invalid-name at images.a1.variables.1a",
    ],
  ])("are refused: %s", (_, file, problem) => {
    expect(summarize(problemsIn(file))).toEqual([problem]);
  });

  it("that would vanish from an object are refused, not lost", () => {
    const file = JSON.stringify(
      fileWith({
        areas: { scratch: areaWith(), PROTO: areaWith({ branch: "b", account: "333333333333" }) },
        images: { network: { ...terraform, variables: { PROTO: "x" } }, PROTO: terraform },
      }),
    ).replaceAll("PROTO", "__proto__");

    expect(summarize(problemsIn(JSON.parse(file)))).toEqual([
      "invalid-name at areas.__proto__",
      "invalid-name at images.network.variables.__proto__",
      "invalid-name at images.__proto__",
    ]);
  });

  it("do not hide what is wrong with their values", () => {
    const file = fileWith({ areas: { "a b": { branch: 5 } }, images: { "c d": {} } });

    expect(summarize(problemsIn(file))).toEqual([
      'invalid-name at areas["a b"]',
      'missing-key at areas["a b"].account',
      'wrong-type at areas["a b"].branch',
      'invalid-name at images["c d"]',
      'missing-key at images["c d"].kind',
    ]);
  });
});

describe("the name of an image for instance refresh", () => {
  it.each(["dga-web", "dga.web_2", "a".repeat(110)])("may be %s", (name) => {
    expect(problemsIn(fileWith({ images: { [name]: refresh } }))).toEqual([]);
  });

  it.each(["apps/dga-web", "a".repeat(111)])("may not be %s, which Terraform images may", (name) => {
    expect(problemsIn(fileWith({ images: { [name]: refresh } }))).toMatchObject([{ code: "invalid-image-name" }]);
    expect(problemsIn(fileWith({ images: { [name]: terraform } }))).toEqual([]);
  });
});

describe("the GitHub repository of an image", () => {
  const github = { organization: "AusDTO" };

  it("must be given where the image's name can not be one", () => {
    expect(problemsIn(fileWith({ github, images: { "iac/network": terraform } }))).toMatchObject([
      { code: "invalid-github-repository", path: 'images["iac/network"]', found: '"iac/network"' },
    ]);
  });

  it("is not needed where nothing is reported", () => {
    expect(problemsIn(fileWith({ images: { "iac/network": terraform } }))).toEqual([]);
  });

  it("may be any other than the image's name", () => {
    expect(problemsIn(fileWith({ github, images: { "iac/network": { ...terraform, github: "iac" } } }))).toEqual([]);
  });
});
