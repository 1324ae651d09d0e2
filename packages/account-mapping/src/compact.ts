/** Nothing where the value is the default. */
export function unlessDefault<Value>(value: Value, normal: Value): Value | undefined {
  return value === normal ? undefined : value;
}

/** Nothing where the list is empty. */
export function unlessEmpty<Entry>(entries: readonly Entry[]): readonly Entry[] | undefined {
  return entries.length === 0 ? undefined : entries;
}

/** Without the keys that have no value. */
export function compact(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Nothing where no key is left. */
export function compactOrNothing(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const left = compact(fields);
  return Object.keys(left).length === 0 ? undefined : left;
}
