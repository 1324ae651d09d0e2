import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { someOptions } from "../test/support/options.ts";
import { BootError } from "./boot-error.ts";
import { guardLength, quoteForShell, renderUserData } from "./render-user-data.ts";

describe("renderUserData", () => {
  it("is a script that ends at the first failure, in plain ASCII", () => {
    const script = renderUserData(someOptions());

    expect(script).toMatch(/^#!\/bin\/bash\n.*\nset -euo pipefail\n/);
    expect(script).toMatch(/^[\n -~]*$/);
    expect(script.endsWith("esac\n")).toBe(true);
  });

  it("leaves room below the limit of 16 KB even with the longest keys", () => {
    const { runner, node } = someOptions();

    const script = renderUserData(
      someOptions({ runner: { ...runner, key: "k".repeat(1024) }, node: { ...node, key: "k".repeat(1024) } }),
    );

    expect(script.length).toBeLessThan(14_000);
  });

  it("is the same but for its values", () => {
    const lines = renderUserData(someOptions()).split("\n");

    const others = renderUserData(someOptions({ area: "production", architecture: "arm64", release: null })).split(
      "\n",
    );

    expect(others.filter((line, index) => line !== lines[index])).toEqual([
      "AREA='production'",
      "MACHINE='aarch64'",
      "RELEASE=''",
      "WINDLASS_AREA=production",
    ]);
  });

  it("refuses options that it can not render", () => {
    expect(() => renderUserData(someOptions({ area: "it's" }))).toThrow(BootError);
  });

  it("gives no container the host, and reads metadata by token only", () => {
    const script = renderUserData(someOptions());

    expect(script).not.toMatch(
      /--net(?:work)?[ =]host|docker\.sock|-v \/|--volume|--privileged|set -x|user-data\b.*curl/,
    );
    expect(script.match(/169\.254\.169\.254/g)).toHaveLength(1);
    expect(script).toContain("--request PUT");
  });
});

describe("guardLength", () => {
  it("takes 16,384 bytes and no more", () => {
    expect(guardLength("x".repeat(16_384))).toHaveLength(16_384);
    expect(() => guardLength("é".repeat(8_193))).toThrow(
      expect.objectContaining({ code: "user-data-too-long", found: "16386 bytes" }),
    );
  });
});

describe("quoteForShell", () => {
  it("makes any text one word that means itself", () => {
    const word = fc.string({
      unit: fc.oneof(fc.constantFrom(..."'\"\\`$!\n *"), fc.string({ minLength: 1, maxLength: 1 })),
    });
    const words = fc.sample(word, { numRuns: 300, seed: 7 }).map((text) => text.replaceAll("\0", ""));

    const output = execFileSync("bash", ["-c", `printf '%s\\0' ${words.map(quoteForShell).join(" ")}`], {
      encoding: "utf8",
    });

    expect(output.split("\0").slice(0, -1)).toEqual(words);
  });
});
