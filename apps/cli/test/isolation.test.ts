import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mappingText, openCli } from "./open-cli.ts";
import { closed, open, type Stack, writeAssembly } from "./write-assembly.ts";

const all: Readonly<Record<string, Stack>> = {
  pipeline: { account: "111111111111", template: { Resources: {} } },
  "area-staging": { account: "333333333333", template: closed },
  "area-production": { account: "444444444444", template: closed },
};

/** The command line in a folder with that mapping, and templates as the CDK writes them. */
function openWith(stacks: Readonly<Record<string, Stack>>, more: object = {}) {
  const cli = openCli(mappingText());
  writeAssembly(join(cli.folder, "cdk.out"), stacks, more);
  return cli;
}

describe("windlass isolation", () => {
  it("says that nobody reaches into another account, and what it looked at", async () => {
    const { run } = openWith(all);

    const { code, out, error } = await run("isolation", "--mapping", "windlass.yaml");

    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toMatch(/^Examined 3 accounts: \d+ principals x \d+ actions x 2 resources, in \d+ questions\.\n/);
    expect(out).toMatch(/\nNobody reaches from one account into another\.\n$/);
  });

  it("says who reaches where, and what to do", async () => {
    const { run } = openWith({ ...all, "area-production": { account: "444444444444", template: open } });

    const { code, out } = await run("isolation");

    expect(code).toBe(1);
    expect(out).toMatch(
      /^PROBLEM {2}windlass-area-production Apply AssumeRolePolicyDocument #1: arn:aws:iam::111111111111:root, .* \(open-to-account\)\n {9}-> name principals/,
    );
    expect(out).toMatch(/\n1 finding\.\n$/);
  });

  it("counts what it found", async () => {
    const { run } = openWith({
      ...all,
      "area-staging": { account: "333333333333", template: open },
      "area-production": { account: "444444444444", template: open },
    });

    expect((await run("isolation")).out).toMatch(/\n2 findings\.\n$/);
  });

  it("has all of it in its JSON, and the table where that is asked for", async () => {
    const { run } = openWith({ ...all, "area-production": { account: "444444444444", template: open } });

    const short = JSON.parse((await run("isolation", "--json")).out);
    const long = JSON.parse((await run("isolation", "--json", "--table")).out);

    expect(short).toMatchObject({
      ok: false,
      examined: { accounts: 3, resources: 2 },
      findings: [
        { code: "open-to-account", account: "444444444444", stack: "windlass-area-production", logicalId: "Apply" },
      ],
    });
    expect(short.table).toBeUndefined();
    expect(long.table).toHaveLength(short.examined.requests);
    expect(long.table).toContainEqual({
      principal: "arn:aws:iam::111111111111:root",
      action: "sts:assumerole",
      resource: "arn:aws:iam::444444444444:role/windlass-apply",
      answer: "allowed",
    });
  });

  it("says every question in its table", async () => {
    const { run } = openWith(all);

    const lines = (await run("isolation", "--table")).out.split("\n");

    expect(lines).toContain("denied\tanonymous\tsts:assumerole\tarn:aws:iam::444444444444:role/windlass-apply");
  });

  it.each([
    ["no folder", {}, "--templates", "none", "file-unreadable"],
    ["no stacks", {}, "--templates", "cdk.out", "templates-unfit"],
    ["an area without a template", { pipeline: all["pipeline"] }, "--mapping", "windlass.yaml", "templates-unfit"],
    [
      "another account's",
      { ...all, pipeline: { ...all["pipeline"], account: "999999999999" } },
      "--mapping",
      "windlass.yaml",
      "templates-unfit",
    ],
    [
      "no account",
      { pipeline: { ...all["pipeline"], account: "unknown-account" } },
      "--templates",
      "cdk.out",
      "templates-unfit",
    ],
    ["another name", { other: all["pipeline"] }, "--templates", "cdk.out", "templates-unfit"],
    [
      "no template",
      { pipeline: { account: "111111111111", template: [] } },
      "--templates",
      "cdk.out",
      "template-unreadable",
    ],
  ])("can not be run with %s", async (_, stacks, option, value, code) => {
    const { run } = openWith(stacks as Readonly<Record<string, Stack>>);

    expect(await run("isolation", option, value)).toMatchObject({
      code: 2,
      out: "",
      error: expect.stringContaining(`(${code})`),
    });
  });

  it("can not be run with stages, whose stacks are somewhere else", async () => {
    const { run } = openWith(all, { stage: { type: "cdk:cloud-assembly" } });

    expect(await run("isolation")).toMatchObject({ code: 2, error: expect.stringContaining("(templates-unfit)") });
  });

  it("can not be run with a manifest that is no JSON", async () => {
    const { run, folder } = openWith(all);
    writeFileSync(join(folder, "cdk.out", "manifest.json"), "{");

    expect(await run("isolation")).toMatchObject({
      code: 2,
      error: expect.stringContaining("no JSON (templates-unfit)"),
    });
  });
});
