type Seeds = readonly [string, ...string[]];

const LONG = "abcdefghijkl.mnopqrstuv";
const KEY = "wJalr+XUtnFEMI/K7MDENG/bPx$&RfiCY(^[*.";

/** Known secrets and the pieces of a log: beside each other, within each other, cut anywhere, and too short to count. */
export const LITERAL_SEEDS: Seeds = [
  log([KEY], ["key wJalr+XUtnFEMI/K7", "MDENG/bPx$&RfiCY(^[*. is not valid\n", "and a line\n"]),
  log([LONG.slice(0, 14), LONG], [`one ${LONG.slice(0, 9)}`, `${LONG.slice(9)} two ${LONG.slice(0, 14)}\nthree`]),
  log([LONG, `${LONG.slice(8)}wxyz0123`], [`${LONG}wxyz0123\n`, "tail"]),
  log(["aaaaaaaaaaaa", "ababababababab"], ["aaaaaaaaaaaaaaa ab", "ababababababababa\n"]),
  log(["first line of it\nsecond line of it", "short"], ["first line of it\nsecond", " line of it\nshort\n"]),
  log(["$&$1$`.*(?:x)+"], ["no secret here\n", "", "$&$1$`", ".*(?:x)+"]),
  log(["correct-horse/battery"], ["nothing to hide\n", "at all"]),
];

function log(literals: readonly string[], pieces: readonly string[]): string {
  return JSON.stringify({ literals, pieces });
}
