import { describe, expect, it } from "vitest";
import { fileWith, problemsIn } from "./testing/problems.ts";

const terraform = { kind: "terraform" };

describe("the places of two images' states", () => {
  it.each(["site/store", "site/store/blue", "site/store/blue/store/x"])(
    "are apart, which those of site and %s are not",
    (name) => {
      expect(
        problemsIn(fileWith({ images: { site: { kind: "terraform", state: "store" }, [name]: terraform } })),
      ).toMatchObject([
        {
          code: "same-state",
          path: expect.stringContaining(name),
          expected: 'a name that does not begin with "site/store", where files of "site" are kept',
          found: `"${name}"`,
        },
      ]);
    },
  );

  it.each([
    { "site/store": terraform },
    { store: terraform, "store/site": terraform },
    { site: terraform, "site/stores": terraform, "site/blue/store": terraform },
    { site: { kind: "instance-refresh", groups: ["a"] }, "site/store": terraform },
  ])("are apart in %o", (images) => {
    expect(problemsIn(fileWith({ images }))).toEqual([]);
  });
});
