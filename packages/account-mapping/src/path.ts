/** Where a value stands in the file: keys, and indexes of lists. */
export type Path = readonly (string | number)[];

/** The path as people read it: `areas.staging.freezes[0].from`, `images["dga.web"].kind`. */
export function formatPath(path: Path): string {
  const text = path.map(formatStep).join("");
  return text.startsWith(".") ? text.slice(1) : text;
}

/** The value at the path; undefined where the path leads nowhere. Inherited properties do not count. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}

function formatStep(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
