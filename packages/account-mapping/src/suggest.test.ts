import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hintFor, listWords, suggest } from "./suggest.ts";

describe("suggest", () => {
  it.each([
    ["image", ["areas", "images"], "images"],
    ["imgaes", ["areas", "images"], "images"],
    ["IMAGES", ["areas", "images"], "images"],
    ["dga-netwrok", ["dga-network", "dga-site"], "dga-network"],
    ["tag", ["tags", "tug"], "tags"],
    ["x", ["y"], "y"],
  ])("takes %s of %j for %s", (word, known, meant) => {
    expect(suggest(word, known)).toBe(meant);
  });

  it.each([
    ["retries", ["kind", "after"]],
    ["kind", []],
    ["ab", ["cd"]],
    ["", ["after"]],
  ])("takes %s for none of %j", (word, known) => {
    expect(suggest(word, known)).toBeNull();
  });

  it("finds every word after one slip of the fingers", () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/);
    const position = fc.nat({ max: 2 });
    fc.assert(
      fc.property(word, position, (known, at) => {
        const swapped = known.slice(0, at) + known[at + 1] + known[at] + known.slice(at + 2);
        const shortened = known.slice(0, at) + known.slice(at + 1);

        expect(suggest(swapped, [known])).toBe(known);
        expect(suggest(shortened, [known])).toBe(known);
        expect(suggest(`${known}z`, [known])).toBe(known);
      }),
    );
  });
});

describe("hintFor", () => {
  it("asks about the word that was probably meant", () => {
    expect(hintFor("brnch", ["branch"], "remove it")).toBe('did you mean "branch"?');
  });

  it("gives the other advice where no word is near", () => {
    expect(hintFor("colour", ["branch"], "remove it")).toBe("remove it");
  });
});

describe("listWords", () => {
  it.each([
    [[], ""],
    [["a"], '"a"'],
    [["a", "b"], '"a" or "b"'],
    [["a", "b", "c"], '"a", "b" or "c"'],
  ])("lists %j", (words, text) => {
    expect(listWords(words)).toBe(text);
  });
});
