/** `*` stands for any number of characters, also none, and `?` for one. The whole text must match. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .split("")
    .map((character) => {
      if (character === "*") return ".*";
      return character === "?" ? "." : character.replace(/[\\^$.|+()[\]{}]/, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`, "su").test(text);
}
