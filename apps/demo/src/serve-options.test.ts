import { describe, expect, it } from "vitest";
import { readServeOptions } from "./serve-options.ts";

describe("readServeOptions", () => {
  it("has defaults", () => {
    expect(readServeOptions([])).toMatchObject({ kind: "serve", port: undefined, tickMs: 5000, alwaysOpen: false });
  });

  it.each([
    ["500ms", 500],
    ["5s", 5000],
    ["1.5m", 90_000],
  ])("reads the duration %s", (tick, tickMs) => {
    expect(readServeOptions(["--tick", tick])).toMatchObject({ tickMs });
  });

  it.each(["0s", "5", "5h", "-1s", ""])("refuses the duration %j", (tick) => {
    expect(() => readServeOptions([`--tick=${tick}`])).toThrow("--tick is not a duration");
  });

  it.each(["0", "65536", "http", "1.5"])("refuses the port %j", (port) => {
    expect(() => readServeOptions(["--port", port])).toThrow("--port is not a port");
  });
});
