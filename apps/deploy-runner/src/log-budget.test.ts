import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLogBudget, type LogBudget } from "./log-budget.ts";

const endOf = (budget: LogBudget) => budget.end().map((text) => text.unpack());

describe("createLogBudget", () => {
  it("lets a log through that is not too long", () => {
    const budget = createLogBudget({ headBytes: 10, tailBytes: 10 });

    expect(budget.take("12345")).toBe("12345");
    expect(budget.take("67890")).toBe("67890");
    expect(endOf(budget)).toEqual([]);
  });

  it("keeps the beginning and the end of a longer one, and says how much is missing between them", () => {
    const budget = createLogBudget({ headBytes: 4, tailBytes: 4 });

    const shown = ["aa\n", "bb\n", "cc\n", "dd\n"].map((text) => budget.take(text));

    expect(shown).toEqual([
      "aa\n",
      "[windlass: this log is long; the rest of it is stored when the step has ended]\n",
      "",
      "",
    ]);
    expect(endOf(budget)).toEqual(["[windlass: 6 bytes are left out here]\n", "dd\n"]);
  });

  it("counts bytes, not characters", () => {
    const budget = createLogBudget({ headBytes: 4, tailBytes: 100 });

    expect(budget.take("äöü")).toContain("this log is long");
    expect(endOf(budget)).toEqual(["äöü"]);
  });

  it("keeps within its limits, in order, and accounts for every byte", () => {
    const limits = fc.record({ headBytes: fc.nat({ max: 60 }), tailBytes: fc.nat({ max: 60 }) });
    const pieces = fc.array(fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }), { maxLength: 30 });
    fc.assert(
      fc.property(limits, pieces, ({ headBytes, tailBytes }, texts) => {
        const budget = createLogBudget({ headBytes, tailBytes });

        const head = texts.map((text) => budget.take(text)).filter((text) => !text.startsWith("[windlass: this log"));
        const [first = "", ...others] = endOf(budget);
        const leftOut = Number(/^\[windlass: (\d+) bytes/.exec(first)?.[1] ?? 0);
        const tail = leftOut === 0 ? [first, ...others] : others;

        const whole = texts.join("");
        expect(whole.startsWith(head.join(""))).toBe(true);
        expect(whole.endsWith(tail.join(""))).toBe(true);
        expect(Buffer.byteLength(head.join(""))).toBeLessThanOrEqual(headBytes);
        expect(Buffer.byteLength(tail.join(""))).toBeLessThanOrEqual(tailBytes);
        expect(Buffer.byteLength(head.join("") + tail.join("")) + leftOut).toBe(Buffer.byteLength(whole));
      }),
    );
  });
});
