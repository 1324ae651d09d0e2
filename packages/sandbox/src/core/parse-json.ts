/** As Ruby's parser has it, which GitHub's API is behind: https://docs.ruby-lang.org/en/3.4/JSON.html#module-JSON-label-Input+Options */
const MOST_LEVELS = 100;

/** JSON of a request's body. Throws a SyntaxError for what is none, or is nested deeper than a walk through it may be. */
export function parseJson(text: string): unknown {
  if (levelsOf(text) > MOST_LEVELS) throw new SyntaxError(`nesting of more than ${MOST_LEVELS} levels`);
  return JSON.parse(text);
}

function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (sign === "[" || sign === "{") level += 1;
    if (sign === "]" || sign === "}") level -= 1;
    deepest = Math.max(deepest, level);
  }
  return deepest;
}
