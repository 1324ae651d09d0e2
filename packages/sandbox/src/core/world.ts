/** Names one kind of state and its type. Made once per service with `stateKey`. */
export interface StateKey<T> {
  readonly name: string;
  /** Only carries the type; never set. */
  readonly type?: T;
}

export interface StateEntry<T> {
  readonly account: string;
  readonly region: string;
  readonly state: T;
}

/** Everything that exists in the sandbox: the services' state of all accounts and regions. */
export interface World {
  /** This account's state of that kind in that region; made with `create` when it is asked for first. */
  state<T>(key: StateKey<T>, account: string, region: string, create: () => T): T;
  /** All states of that kind that exist, in order of their creation. */
  states<T>(key: StateKey<T>): readonly StateEntry<T>[];
  /** Seeded: the same seed and the same calls give the same numbers. From 0, below 1. */
  random(): number;
  /** `length` hexadecimal digits from the same seed, unique in this world: `i-${world.hexId(17)}`. */
  hexId(length: number): string;
}

/** For state that is not any one account's or region's, such as the names of S3 buckets. */
export const everywhere = "*";

/** Names a kind of state. The name must be unique: two keys of one name share their state. */
export function stateKey<T>(name: string): StateKey<T> {
  return { name };
}

/** An id is hardly ever taken; one that still is after so many has too few digits for what it is used for. */
const MOST_ATTEMPTS = 100;

/** An empty world. */
export function createWorld(seed: number): World {
  const entries = new Map<string, Map<string, StateEntry<unknown>>>();
  const ids = new Set<string>();
  const random = seededRandom(seed);

  function hexId(length: number): string {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const id = Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
      if (ids.has(id)) continue;
      ids.add(id);
      return id;
    }
    throw new Error(`${length} hexadecimal digits are too few: hardly any id of that length is left`);
  }

  function state<T>(key: StateKey<T>, account: string, region: string, create: () => T): T {
    const ofKind = entries.get(key.name) ?? new Map<string, StateEntry<unknown>>();
    entries.set(key.name, ofKind);
    const place = `${account}/${region}`;
    const known = ofKind.get(place);
    if (known !== undefined) return known.state as T;
    const created = create();
    ofKind.set(place, { account, region, state: created });
    return created;
  }

  return {
    state,
    states: <T>(key: StateKey<T>) => [...(entries.get(key.name)?.values() ?? [])] as StateEntry<T>[],
    random,
    hexId,
  };
}

/** Mulberry32: small, fast, and good enough to vary faults and ids. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
