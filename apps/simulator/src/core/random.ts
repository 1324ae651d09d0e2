/** Chance that a seed decides. */
export interface Random {
  /** From 0, below 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  between(from: number, to: number): number;
  /** Waiting times of things that happen independently. */
  exponential(mean: number): number;
  pick<T>(list: readonly T[]): T;
  shuffle<T>(list: readonly T[]): readonly T[];
  hex(length: number): string;
  /** Another one that the same seed decides: what it is asked changes nothing here. */
  fork(name: string): Random;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  /** Mulberry32. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    int,
    between: (from, to) => from + next() * (to - from),
    exponential: (mean) => -mean * Math.log(1 - next()),
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error("nothing to pick from");
      return list[int(0, list.length - 1)] as T;
    },
    shuffle<T>(list: readonly T[]): readonly T[] {
      return list
        .map((value) => ({ value, order: next() }))
        .sort((one, other) => one.order - other.order)
        .map(({ value }) => value);
    },
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(""),
    fork: (name) => createRandom(mixSeed(seed, name)),
  };
}

/** FNV-1a over the name, begun at the seed. */
function mixSeed(seed: number, name: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
