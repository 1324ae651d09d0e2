/** One stream of numbers from one seed: the same seed gives the same cases. */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Mulberry32: small, quick, and good enough to choose mutations by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  function below(end: number): number {
    return Math.floor(next() * end);
  }

  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: ([first, ...others]) => [first, ...others][below(others.length + 1)] ?? first,
  };
}
