/** Numbers that the same seed repeats. */
export interface Random {
  /** At least `from`, less than `to`. */
  between(from: number, to: number): number;
  chance(share: number): boolean;
}

/** Mulberry32: small, and even enough to scatter moments. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return {
    between: (from, to) => from + next() * (to - from),
    chance: (share) => next() < share,
  };
}
