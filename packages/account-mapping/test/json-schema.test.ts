import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mappingJsonSchema, type ProblemCode } from "../src/index.ts";
import { areaWith, fileWith, fileWithArea, fileWithImage, problemsIn, summarize } from "../src/testing/problems.ts";
import { damagedFile, validFile } from "./arbitraries.ts";

// Dates have a pattern beside their format: what a validator makes of formats does not matter.
const ajv = new Ajv2020({ allowUnionTypes: true, formats: { date: true } });
const validate = ajv.compile(mappingJsonSchema());

/** What the schema says of the file as it would come from JSON. */
function schemaAccepts(file: unknown): boolean {
  return validate(JSON.parse(JSON.stringify(file)));
}

const refresh = { kind: "instance-refresh", groups: ["web-asg"] };
const both = { a: areaWith(), b: areaWith({ branch: "Other", account: "333333333333" }) };

describe("the JSON Schema", () => {
  it("is shipped as it is generated; `vitest run --update` writes it", async () => {
    const text = `${JSON.stringify(mappingJsonSchema(), null, 2)}\n`;

    await expect(text).toMatchFileSnapshot("../account-mapping.schema.json");
  });

  it("describes every key, so that editors can explain what they complete", () => {
    const bare: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, object>> };
      for (const [key, value] of Object.entries(properties)) {
        if (!Object.hasOwn(value, "description")) bare.push(`${path}/${key}`);
      }
      for (const [key, value] of Object.entries(schema)) visit(value, `${path}/${key}`);
    };

    visit(mappingJsonSchema(), "");

    expect(bare).toEqual([]);
  });

  it("tells editors the defaults", () => {
    const text = JSON.stringify(mappingJsonSchema());

    for (const value of [
      '"{image}"',
      '"{area}"',
      '"UTC"',
      '"MON-FRI"',
      '"09:00-17:00"',
      '"1h"',
      '"image"',
      "0",
      "false",
    ]) {
      expect(text).toContain(`"default":${value}`);
    }
  });
});

describe("JSON Schema and parser agree", () => {
  it.each([
    ["the smallest file", fileWith()],
    ["a file that names its schema", fileWith({ $schema: "x" })],
    ["a file without images", fileWith({ images: {} })],
    [
      "GitHub Enterprise Server",
      fileWith({ github: { organization: "a", apiUrl: "https://ghe.example.com:8443/api/v3" } }),
    ],
    ["the other source layout", fileWith({ source: { repository: "{area}/{image}", tag: "latest" } })],
    ["a window that goes over midnight", fileWithArea({ window: { hours: "22:00-06:00", days: "SAT-MON, WED" } })],
    ["an empty window", fileWithArea({ window: {} })],
    ["a freeze on a leap day", fileWithArea({ freezes: [{ from: "2028-02-29", to: "2028-02-29", reason: "x" }] })],
    ["variables of each type", fileWithImage({ kind: "terraform", variables: { a: "x", b: 1.5, c: false } })],
    ["groups by tag", fileWithImage({ ...refresh, groups: { tag: "deploy.packages", includes: "web" } })],
    [
      "preferences",
      fileWithImage({ ...refresh, preferences: { minHealthyPercentage: 50, maxHealthyPercentage: 150 } }),
    ],
  ])("that it is right: %s", (_, file) => {
    expect([problemsIn(file), schemaAccepts(file)]).toEqual([[], true]);
  });

  it.each([
    ["no object", 5],
    ["nothing in it", {}],
    ["an unknown key", fileWith({ colour: 1 })],
    ["an unknown key in a window", fileWithArea({ window: { zone: "UTC" } })],
    ["version 2", fileWith({ version: 2 })],
    ["an account id that is a number", fileWithArea({ account: 222222222222 })],
    ["an account id of 11 digits", fileWithArea({ account: "22222222222" })],
    ["null for a missing value", fileWithArea({ alias: null })],
    ["no areas", fileWith({ areas: {} })],
    ["an area's name with a slash", fileWith({ areas: { "a/b": areaWith() } })],
    ["an image's name with a space", fileWith({ images: { "a b": { kind: "terraform" } } })],
    ["a variable's name with a dot", fileWithImage({ kind: "terraform", variables: { "a.b": 1 } })],
    ["an unknown placeholder", fileWith({ source: { repository: "{imgae}" } })],
    ["an offset for a time zone", fileWithArea({ window: { timezone: "+10:00" } })],
    ["days in small letters", fileWithArea({ window: { days: "mon-fri" } })],
    ["hours without minutes", fileWithArea({ window: { hours: "9-17" } })],
    ["a day that does not exist", fileWithArea({ freezes: [{ from: "2026-02-29", to: "2026-03-01", reason: "x" }] })],
    ["an image without kind", fileWithImage({})],
    ["an unknown kind", fileWithImage({ kind: "ansible" })],
    ["groups of a Terraform image", fileWithImage({ kind: "terraform", groups: ["a"] })],
    ["an application image without groups", fileWithImage({ kind: "instance-refresh" })],
    ["an empty list of groups", fileWithImage({ ...refresh, groups: [] })],
    ["a group twice", fileWithImage({ ...refresh, groups: ["a", "a"] })],
    ["an unknown state", fileWithImage({ kind: "terraform", state: "bucket" })],
    ["an entry point that is no list", fileWithImage({ kind: "terraform", entrypoint: "apply-no-color" })],
    ["an entry point without arguments", fileWithImage({ kind: "terraform", entrypoint: [] })],
    ["an entry point with an empty argument", fileWithImage({ kind: "terraform", entrypoint: ["a", ""] })],
    ["an entry point of 21 arguments", fileWithImage({ kind: "terraform", entrypoint: Array(21).fill("a") })],
    ["an entry point of an application image", fileWithImage({ ...refresh, entrypoint: ["a"] })],
    ["a timeout without unit", fileWithImage({ kind: "terraform", timeout: "45" })],
    ["half a retry", fileWithImage({ kind: "terraform", retries: 0.5 })],
    ["the highest percentage alone", fileWithImage({ ...refresh, preferences: { maxHealthyPercentage: 110 } })],
    [
      "a percentage of 201",
      fileWithImage({ ...refresh, preferences: { minHealthyPercentage: 50, maxHealthyPercentage: 201 } }),
    ],
    ["a VPC without subnets", fileWith({ infra: { network: { vpc: "vpc-01234567" } } })],
    ["a pipeline in an area", fileWithArea({ infra: { pipeline: {} } })],
    ["a network of nothing", fileWith({ infra: { network: {} } })],
  ])("that it is wrong: %s", (_, file) => {
    expect(problemsIn(file)).not.toEqual([]);
    expect(schemaAccepts(file)).toBe(false);
  });

  it.each([
    ["unknown-timezone", fileWithArea({ window: { timezone: "Mars/Base" } })],
    ["invalid-hours", fileWithArea({ window: { hours: "09:00-09:00" } })],
    ["invalid-duration", fileWithImage({ kind: "terraform", timeout: "0s" })],
    ["freeze-ends-before-start", fileWithArea({ freezes: [{ from: "2026-12-20", to: "2026-12-19", reason: "x" }] })],
    [
      "invalid-preferences",
      fileWithImage({ ...refresh, preferences: { minHealthyPercentage: 50, maxHealthyPercentage: 151 } }),
    ],
    ["entrypoint-with-managed-state", fileWithImage({ kind: "terraform", state: "managed", entrypoint: ["apply"] })],
    ["branch-used-twice", fileWith({ areas: { ...both, b: areaWith({ account: "333333333333" }) } })],
    ["account-used-twice", fileWith({ areas: { ...both, b: areaWith({ branch: "Other" }) } })],
    ["area-in-registry-account", fileWithArea({ account: "111111111111" })],
    ["pipeline-in-other-account", fileWithArea({ pipeline: true })],
    ["unknown-image", fileWithImage({ kind: "terraform", after: ["site"] })],
    ["dependency-cycle", fileWithImage({ kind: "terraform", after: ["network"] })],
    ["invalid-image-name", fileWith({ images: { "a/b": refresh } })],
    [
      "invalid-github-repository",
      fileWith({ github: { organization: "a" }, images: { "a/b": { kind: "terraform" } } }),
    ],
    ["same-head", fileWith({ source: { tag: "latest" }, areas: both })],
    ["same-state", fileWith({ images: { site: { kind: "terraform" }, "site/store": { kind: "terraform" } } })],
    ["invalid-repository-name", fileWith({ images: { Network: { kind: "terraform" } } })],
    ["invalid-network", fileWith({ infra: { network: { cidr: "10.0.0.1/24" } } })],
    ["architecture-mismatch", fileWith({ infra: { instanceTypes: ["t4g.large"] } })],
    ["invalid-tag", fileWith({ source: { tag: ".{area}" } })],
  ])("except on what only the parser can tell: %s", (code, file) => {
    const [problem, ...others] = summarize(problemsIn(file));

    expect([problem?.split(" ")[0], others]).toEqual([code, []]);
    expect(schemaAccepts(file)).toBe(true);
  });

  it("on every valid file", () => {
    fc.assert(
      fc.property(validFile, (file) => {
        expect(schemaAccepts(file)).toBe(true);
      }),
    );
  });

  it("on files with one thing changed: what the schema refuses has problems, and problems of shape are refused", () => {
    const shape: readonly ProblemCode[] = ["unknown-key", "missing-key", "wrong-type", "not-an-object", "invalid-kind"];
    const values: readonly ProblemCode[] = [
      "invalid-name",
      "account-id-not-quoted",
      "too-few-entries",
      "invalid-template",
    ];
    fc.assert(
      fc.property(damagedFile, (file) => {
        const codes = problemsIn(file).map(({ code }) => code);
        const refused = !schemaAccepts(file);

        if (refused) expect(codes).not.toEqual([]);
        if (codes.some((code) => shape.includes(code) || values.includes(code))) expect(refused).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
