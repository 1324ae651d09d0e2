import { type Control, deploymentIdSchema, type Instant } from "@windlass/deployment";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlKey, historyKey, historyPrefix, logKey, storeKey, storePrefix } from "./keys.ts";

const run = deploymentIdSchema.parse("20261124t090000z-42");

function controlAt(date: Date, id: string): Control {
  const at = date.toISOString() as Instant;
  return { schema: 1, kind: "unhold", id, image: "dga-web", by: "kim", reason: "done", at };
}

function attempt(make: () => string): string | null {
  try {
    return make();
  } catch {
    return null;
  }
}

describe("keys", () => {
  it("name a log segment so that a listing is in order", () => {
    const key = (number: number) => logKey({ deployment: run, step: "apply", number });

    expect(key(7)).toBe("runs/20261124t090000z-42/apply/000007.log");
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999), (one, other) => {
        expect(key(one) < key(other)).toBe(one < other);
      }),
    );
  });

  it.each(["entrypoint", "unlock"] as const)("name the log of the step %s as those of Terraform's steps", (step) => {
    expect(logKey({ deployment: run, step, number: 0 })).toBe(`runs/20261124t090000z-42/${step}/000000.log`);
  });

  it("keep what belongs to an image's store within its folder", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", ".", "/", "\\", "ü", "\n"), maxLength: 210 }), (file) => {
        const key = attempt(() => storeKey("dga/network", file));

        if (key === null) return;
        expect(key).toBe(`state/dga/network/store/${file}`);
        expect(new URL(key, "https://bucket/").pathname).toBe(`/${encodeURI(key)}`);
      }),
    );
    expect(attempt(() => storeKey("dga/network", "env/a..b/.hidden"))).toBe("state/dga/network/store/env/a..b/.hidden");
  });

  it.each(["dga/store/network", "dga*", "dga?", "$" + "{aws:username}", "../dga", ""])(
    "refuse %j as the image of a store, which would share a folder with another's state",
    (image) => {
      expect(() => storePrefix(image)).toThrow(/under this name/);
    },
  );

  it.each([-1, 1.5, 1_000_000, Number.NaN])("refuse the segment number %s", (number) => {
    expect(() => logKey({ deployment: run, step: "apply", number })).toThrow("no log segment can have this number");
  });

  it("name a control so that a listing is in order of time", () => {
    const time = fc.date({ min: new Date("2000-01-01"), max: new Date("2999-12-31"), noInvalidDate: true });

    fc.assert(
      fc.property(time, time, fc.uuid(), (one, other, id) => {
        const before = controlKey(controlAt(one, id)) < controlKey(controlAt(other, id));
        expect(before).toBe(one.getTime() < other.getTime());
      }),
    );
  });

  it("say from the id alone where its history is", () => {
    expect(historyKey(run)).toBe("history/2026/11/20261124t090000z-42.json");
    expect(historyPrefix("2026/11")).toBe("history/2026/11/");
  });

  it.each(["2026", "2026/13", "2026/1", "../2026/11", ""])("refuse %j as a month", (month) => {
    expect(() => historyPrefix(month)).toThrow("not a month of the history");
  });
});
