import { describe, expect, it } from "vitest";
import { checkMapping, parseMapping } from "./index.ts";
import { defaultInfra, defaultPipelineInfra } from "./testing/infra.ts";
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

describe("parseMapping", () => {
  const mapping = checkMapping(fileWith());

  it.each([
    ["YAML", valid],
    ["YAML with Windows line ends", valid.replaceAll("\n", "\r\n")],
    ["YAML with a byte order mark", `\uFEFF${valid}`],
    ["YAML between document marks", `%YAML 1.2\n---\n${valid}...\n`],
    ["JSON", JSON.stringify(fileWith())],
    ["JSON indented with tabs", JSON.stringify(fileWith(), null, "\t")],
    ["JSON with escapes", JSON.stringify(fileWith()).replace("dataGov", "data\\u0047ov")],
    ["JSON that names its schema", JSON.stringify(fileWith({ $schema: "./account-mapping.schema.json" }))],
  ])("reads %s", (_, text) => {
    expect(parseMapping(text)).toEqual(mapping);
  });

  it("reads the words that older YAML takes for other things as text", () => {
    const text = `%YAML 1.1\n---\n${valid.replace("Develop", "no").replace("dataGov", "on")}`;

    expect(parseMapping(text)).toMatchObject({ workload: "on", areas: { scratch: { branch: "no" } } });
  });

  it("fills in every default", () => {
    const area = { alias: null, region: "ap-southeast-2", freezes: [], pipeline: false, infra: defaultInfra };
    const common = { after: [], timeoutSeconds: 3600, retries: 0 };
    const text = withImages("  network: { kind: terraform }\n  web: { kind: instance-refresh, groups: [web-asg] }\n");

    expect(parseMapping(text)).toEqual({
      version: 1,
      workload: "dataGov",
      registry: { account: "111111111111", region: "ap-southeast-2" },
      github: null,
      source: { repository: "{image}", tag: "{area}" },
      pipelineInfra: defaultPipelineInfra,
      areas: {
        scratch: {
          ...area,
          branch: "Develop",
          account: "222222222222",
          window: { timezone: "UTC", days: [1, 2, 3, 4, 5], from: 540, to: 1020 },
        },
      },
      images: {
        network: { ...common, kind: "terraform", github: "network", state: "image", entrypoint: null, variables: {} },
        web: {
          ...common,
          kind: "instance-refresh",
          github: "web",
          groups: { kind: "names", names: ["web-asg"] },
          preferences: { minHealthyPercentage: null, maxHealthyPercentage: null, instanceWarmupSeconds: null },
        },
      },
    });
  });

  it("reads everything that can be given", () => {
    const text = `
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
github: { organization: AusDTO, apiUrl: "https://github.example.com/api/v3/" }
source: { repository: "{area}/{image}", tag: latest }
areas:
  pipeline:
    branch: Pipeline
    account: "111111111111"
    alias: sts-pipeline
    region: us-gov-west-1
    window: { timezone: Australia/Sydney, days: "SAT-MON, WED", hours: "22:00-06:00" }
    freezes: [{ from: 2026-12-20, to: 2027-01-05, reason: end of year }]
    pipeline: true
images:
  site:
    { kind: terraform, after: [web], timeout: 1h30m, retries: 2, github: iac, state: store, entrypoint: [apply-no-color, --yes], variables: { a: x, b: 1.5, c: true } }
  web:
    kind: instance-refresh
    groups: { tag: "deploy.packages", includes: web }
    preferences: { minHealthyPercentage: 50, maxHealthyPercentage: 150, instanceWarmup: 0s }
`;

    expect(parseMapping(text)).toEqual({
      version: 1,
      workload: "dataGov",
      registry: { account: "111111111111", region: "ap-southeast-2" },
      github: { organization: "AusDTO", apiUrl: "https://github.example.com/api/v3" },
      source: { repository: "{area}/{image}", tag: "latest" },
      pipelineInfra: defaultPipelineInfra,
      areas: {
        pipeline: {
          infra: defaultInfra,
          branch: "Pipeline",
          account: "111111111111",
          alias: "sts-pipeline",
          region: "us-gov-west-1",
          window: { timezone: "Australia/Sydney", days: [1, 3, 6, 7], from: 1320, to: 360 },
          freezes: [{ from: "2026-12-20", to: "2027-01-05", reason: "end of year" }],
          pipeline: true,
        },
      },
      images: {
        site: {
          kind: "terraform",
          after: ["web"],
          timeoutSeconds: 5400,
          retries: 2,
          github: "iac",
          state: "store",
          entrypoint: ["apply-no-color", "--yes"],
          variables: { a: "x", b: "1.5", c: "true" },
        },
        web: {
          kind: "instance-refresh",
          after: [],
          timeoutSeconds: 3600,
          retries: 0,
          github: "web",
          groups: { kind: "tag", key: "deploy.packages", includes: "web" },
          preferences: { minHealthyPercentage: 50, maxHealthyPercentage: 150, instanceWarmupSeconds: 0 },
        },
      },
    });
  });

  it("follows aliases, and tells problems behind one at what it stands for", () => {
    const text = withImages(`  network: &base { kind: terraform, timeout: &long 2h }
  site: *base
  web: { kind: instance-refresh, groups: [web-asg], timeout: *long }
`);

    expect(parseMapping(text).images).toMatchObject({
      site: { kind: "terraform", timeoutSeconds: 7200 },
      web: { timeoutSeconds: 7200 },
    });
    expect(problemsInText(text.replace("2h", "2x"))).toMatchObject([
      { path: "images.network.timeout", line: 7, column: 52 },
      { path: "images.site.timeout", line: 7, column: 52 },
      { path: "images.web.timeout", line: 9, column: 62 },
    ]);
  });
});

describe("a text that can not be read", () => {
  it.each([
    ["nothing", "", "empty-file", 1, 1],
    ["a byte order mark alone", "\uFEFF", "empty-file", 1, 1],
    ["comments alone", "# soon\n", "empty-file", 1, 1],
    ["an empty document", "---\n", "empty-file", 1, 1],
    ["a scalar", "version\n", "not-an-object", 1, 1],
    ["null", "null", "not-an-object", 1, 1],
    ["a list", "\n- version: 1\n", "not-an-object", 2, 1],
    ["an open quote", 'workload: "data\n', "yaml-syntax", 1, 16],
    ["an open bracket", "areas: { a: [1\n", "yaml-syntax", 1, 15],
    ["a key in a value", "workload: a: b\n", "yaml-syntax", 1, 11],
    ["a reserved sign", "workload: @x\n", "yaml-syntax", 1, 11],
    ["wrong indentation", "a:\n    b: 1\n  c: 2\n", "yaml-syntax", 3, 1],
    ["a tab before a key", "registry:\n\taccount: x\n", "tab-indentation", 2, 1],
    ["a tag", "workload: !secret x\n", "unknown-tag", 1, 11],
    ["a second document", `${valid}---\n${valid}`, "multiple-documents", 8, 1],
    ["an alias of nothing", "workload: *name\n", "unknown-alias", 1, 11],
    ["an alias before its anchor", "a: *x\nb: &x 1\n", "unknown-alias", 1, 4],
    ["an alias inside of a second value with its anchor", "a: &x 1\nb: &x [*x]\n", "alias-cycle", 2, 8],
    ["bad syntax behind a byte order mark", "\uFEFFa: @x\n", "yaml-syntax", 1, 4],
    ["an alias inside of itself", "areas: &a\n  b: *a\n", "alias-cycle", 2, 6],
    ["brackets without end", "[".repeat(100_000), "too-deep", 1, 65],
    ["dashes without end", "- ".repeat(100_000), "too-deep", 1, 128],
    ["two million characters", `# ${"x".repeat(2_000_000)}`, "file-too-large", 1, 1],
  ])("is one problem with its place: %s", (_, text, code, line, column) => {
    expect(problemsInText(text)).toMatchObject([{ code, file: "windlass.yaml", line, column, path: "" }]);
  });

  it("has every line of bad syntax told, once each", () => {
    const problems = problemsInText('a: @x\nb: "y" "z" "w"\nc: %d\n');

    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ["yaml-syntax", 1],
      ["yaml-syntax", 2],
      ["yaml-syntax", 3],
    ]);
    expect(problems[0]).toMatchObject({
      expected: "YAML 1.2 or JSON",
      found: expect.stringMatching(/^"a: @x": Plain value cannot start with/),
      hint: "put the text in quotes: it starts with a sign that YAML reserves",
    });
  });

  it("does not fill the memory with aliases of aliases", () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const aliases = Array.from({ length: 9 }, () => `*l${index}`).join(", ");
      return `  l${index + 1}: &l${index + 1} [${aliases}]`;
    });

    const problems = problemsInText(`images:\n  l0: &l0 [x]\n${levels.join("\n")}\n`);

    expect(problems[0]).toMatchObject({ code: "too-many-aliases", line: 6, hint: "write the values out instead" });
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["too-many-aliases"]));
  });
});
