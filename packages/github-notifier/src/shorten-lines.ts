/**
 * A text of at most `limit` characters (UTF-16 units, so never more of GitHub's): where it is longer its middle is left
 * out, in whole lines, and it says how many. A single line that is too long is cut itself, never within a character.
 */
export function shortenLines(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const lines = text.split("\n");
  const room = limit - noteOf(lines.length).length - 2;
  const { head, tail } = takeEnds(lines, room);
  if (head === 0 && tail === 0) return cutLine(text, limit);
  const kept = [...lines.slice(0, head), noteOf(lines.length - head - tail), ...lines.slice(lines.length - tail)];
  return kept.join("\n");
}

/** So many lines from the start and from the end fit, in turn; where one end has a line that is too long, of the other. */
function takeEnds(lines: readonly string[], room: number): { readonly head: number; readonly tail: number } {
  let [head, tail, left] = [0, 0, room];
  const costOf = (line: string | undefined) => (line ?? "").length + 1;
  while (head + tail < lines.length) {
    const [first, last] = [costOf(lines[head]), costOf(lines[lines.length - 1 - tail])];
    const takesHead = first <= left && (head <= tail || last > left);
    if (!takesHead && last > left) break;
    left -= takesHead ? first : last;
    if (takesHead) head += 1;
    else tail += 1;
  }
  return { head, tail };
}

function noteOf(lines: number): string {
  return `[${lines} ${lines === 1 ? "line is" : "lines are"} left out]`;
}

function cutLine(text: string, limit: number): string {
  const note = "[cut]";
  const kept = text.slice(0, Math.max(0, limit - note.length));
  const last = kept.charCodeAt(kept.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return (isHalf ? kept.slice(0, -1) : kept) + note.slice(0, limit);
}
