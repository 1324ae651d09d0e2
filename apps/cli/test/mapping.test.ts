import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mappingText, openCli } from "./open-cli.ts";

const schemaFile = new URL("../../../packages/account-mapping/account-mapping.schema.json", import.meta.url);

describe("windlass mapping validate", () => {
  it("says that a mapping is right, and what is in it", async () => {
    const { run } = openCli(mappingText());

    expect(await run("mapping", "validate", "windlass.yaml")).toEqual({
      code: 0,
      out: "windlass.yaml is right: 2 areas, 2 images.\n",
      error: "",
    });
    expect(JSON.parse((await run("mapping", "validate", "windlass.yaml", "--json")).out)).toEqual({
      ok: true,
      file: "windlass.yaml",
      problems: [],
    });
  });

  it("says everything that is wrong, and where", async () => {
    const { run } = openCli(mappingText("imagse: {}").replace('"333333333333"', "333333333333"));

    const { code, out, error } = await run("mapping", "validate", "windlass.yaml");

    expect({ code, error }).toEqual({ code: 1, error: "" });
    expect(out).toMatch(/^windlass\.yaml:4:1: .*\(unknown-key\)\. Hint: did you mean "images"/m);
    expect(out).toMatch(/^windlass\.yaml:6:\d+: areas\.staging\.account: .*\(account-id-not-quoted\)/m);
    expect(out).toMatch(/\n\n2 problems\.\n$/);
  });

  it("has every part of a problem in its JSON", async () => {
    const { run } = openCli(mappingText("imagse: {}"));

    const { code, out } = await run("mapping", "validate", "windlass.yaml", "--json");

    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      problems: [{ code: "unknown-key", line: 4, column: 1, path: "imagse", hint: expect.any(String) }],
    });
  });

  it("could not be run without a file that can be read", async () => {
    const { run } = openCli(mappingText());

    expect(await run("mapping", "validate", "none.yaml")).toMatchObject({ code: 2, out: "" });
    expect(await run("mapping", "validate")).toMatchObject({ code: 2, error: expect.stringContaining("file") });
  });
});

describe("windlass mapping resolve", () => {
  it.each([
    ["--branch", "Production"],
    ["--account", "444444444444"],
    ["--area", "production"],
  ])("finds an area by its %s", async (option, value) => {
    const { run } = openCli(mappingText());

    expect(await run("mapping", "resolve", "windlass.yaml", option, value)).toEqual({
      code: 0,
      error: "",
      out: `area      production
branch    Production
account   444444444444
region    ap-southeast-2
window    MON-FRI 08:00-18:00 Australia/Sydney
freeze    2026-12-20 to 2027-01-05: end of year
registry  111111111111 ap-southeast-2
head      dga-network  dga-network:production
head      dga-web      dga-web:production
`,
    });
  });

  it("has the same in its JSON, with heads as the mapping's templates say", async () => {
    const { run } = openCli(mappingText('source: { repository: "{area}/{image}", tag: latest }'));

    const { out } = await run("mapping", "resolve", "windlass.yaml", "--area", "staging", "--json");

    expect(JSON.parse(out)).toEqual({
      kind: "area",
      area: "staging",
      branch: "Staging",
      account: "333333333333",
      region: "ap-southeast-2",
      alias: "sts-non-prod",
      window: { timezone: "UTC", days: "MON-FRI", hours: "09:00-17:00" },
      freezes: [],
      registry: { account: "111111111111", region: "ap-southeast-2" },
      heads: [
        { image: "dga-network", repository: "staging/dga-network", tag: "latest" },
        { image: "dga-web", repository: "staging/dga-web", tag: "latest" },
      ],
    });
  });

  it.each([
    ["--branch", "feature/x", "the branch feature/x deploys to no area; the mapping knows Staging, Production"],
    ["--account", "999999999999", "no area is deployed to the account 999999999999; the mapping knows 333333333333"],
    ["--area", "scratch", "there is no area scratch; the mapping knows staging, production"],
  ])("says which there are where there is none of this %s", async (option, value, message) => {
    const { run } = openCli(mappingText());

    const { code, out, error } = await run("mapping", "resolve", "windlass.yaml", option, value);
    const json = await run("mapping", "resolve", "windlass.yaml", option, value, "--json");

    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(error).toContain(message);
    expect(json).toMatchObject({ code: 3, error: "" });
    expect(JSON.parse(json.out)).toMatchObject({ kind: `unknown-${option.slice(2)}`, known: expect.any(Array) });
  });

  it.each([[[]], [["--branch", "Staging", "--area", "staging"]]])("wants one question, not %j", async (options) => {
    const { run } = openCli(mappingText());

    const { code, error } = await run("mapping", "resolve", "windlass.yaml", ...options);

    expect(code).toBe(2);
    expect(error).toContain("one of --branch, --account and --area");
  });

  it("says what is wrong with a mapping that it can not use", async () => {
    const { run, folder } = openCli("");
    writeFileSync(join(folder, "windlass.yaml"), mappingText("imagse: {}"));

    const { code, error } = await run("mapping", "resolve", "windlass.yaml", "--area", "staging");

    expect(code).toBe(2);
    expect(error).toContain("windlass.yaml:4:1");
  });
});

describe("windlass mapping schema", () => {
  it("prints the schema that editors load", async () => {
    const { run } = openCli(mappingText());

    const { code, out } = await run("mapping", "schema");

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(schemaFile, "utf8")));
  });
});
