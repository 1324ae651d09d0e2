import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { someOptions } from "../test/support/options.ts";
import { BootError } from "./boot-error.ts";
import type { BootOptions } from "./boot-options.ts";
import { checkOptions } from "./check-options.ts";

type Change = (value: string) => BootOptions;

const { runner, node } = someOptions();

/** Every option that is a text, as something to break. */
const TEXTS: readonly { readonly name: string; readonly valid: string; readonly change: Change }[] = [
  { name: "area", valid: "staging", change: (area) => someOptions({ area }) },
  { name: "account", valid: "333333333333", change: (account) => someOptions({ account }) },
  { name: "region", valid: "ap-southeast-2", change: (region) => someOptions({ region }) },
  { name: "stateBucket", valid: "windlass-state", change: (stateBucket) => someOptions({ stateBucket }) },
  { name: "deployGroup", valid: "windlass-deploy", change: (deployGroup) => someOptions({ deployGroup }) },
  {
    name: "applyRole",
    valid: "arn:aws-us-gov:iam::333333333333:role/path/windlass-apply",
    change: (applyRole) => someOptions({ applyRole }),
  },
  {
    name: "architecture",
    valid: "arm64",
    change: (value) => someOptions({ architecture: value as BootOptions["architecture"] }),
  },
  { name: "engine", valid: "podman", change: (value) => someOptions({ engine: value as BootOptions["engine"] }) },
  { name: "release", valid: "2023.11.20260514", change: (release) => someOptions({ release }) },
  { name: "runner.bucket", valid: "assets", change: (bucket) => someOptions({ runner: { ...runner, bucket } }) },
  { name: "runner.key", valid: "a/b_(1).mjs", change: (key) => someOptions({ runner: { ...runner, key } }) },
  { name: "runner.sha256", valid: "0f".repeat(32), change: (sha256) => someOptions({ runner: { ...runner, sha256 } }) },
  { name: "node.bucket", valid: "assets", change: (bucket) => someOptions({ node: { ...node, bucket } }) },
  { name: "node.key", valid: "node.tar.gz", change: (key) => someOptions({ node: { ...node, key } }) },
  { name: "node.sha256", valid: "0f".repeat(32), change: (sha256) => someOptions({ node: { ...node, sha256 } }) },
];

describe("checkOptions", () => {
  it.each(TEXTS)("takes a good $name", ({ valid, change }) => {
    expect(() => checkOptions(change(valid))).not.toThrow();
  });

  it.each(TEXTS)("refuses anything in $name that a shell, systemd or JSON could misread", ({ name, valid, change }) => {
    const nasty = fc.constantFrom(..."'\"\\`$;&|<>{}[]*?~#%! \t\r\n\0é\u2028");
    void fc.assert(
      fc.property(nasty, fc.nat(valid.length), (sign, at) => {
        fc.pre(!(name.endsWith(".key") && "!*".includes(sign)));

        expect(() => checkOptions(change(`${valid.slice(0, at)}${sign}${valid.slice(at)}`))).toThrow(BootError);
      }),
      { numRuns: 500 },
    );
  });

  it.each(TEXTS)("refuses a $name that is empty, and says which option it is", ({ name, change }) => {
    expect(() => checkOptions(change(""))).toThrow(`${name}: expected `);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21])("refuses a hard limit of %d seconds", (seconds) => {
    expect(() => checkOptions(someOptions({ hardLimitSeconds: seconds }))).toThrow("hardLimitSeconds: expected");
  });

  it("takes no release at all, which is the image's own", () => {
    expect(() => checkOptions(someOptions({ release: null }))).not.toThrow();
  });

  it("names every problem at once", () => {
    const problem = () => checkOptions(someOptions({ area: "a b", account: "12", release: "latest" }));

    expect(problem).toThrow(
      expect.objectContaining({
        code: "option-invalid",
        message:
          'the options of the boot script have 3 problems: area: expected the name of an area, found "a b"; account: expected 12 digits, found "12"; release: expected a release such as 2023.9.20251117, or null, found "latest"',
      }),
    );
  });

  it("refuses a placeholder that is filled in only when a template is deployed", () => {
    const problem = () => checkOptions(someOptions({ stateBucket: "$" + "{Token[TOKEN.42]}" }));

    expect(problem).toThrow(expect.objectContaining({ hint: expect.stringContaining("placeholders") }));
  });
});
