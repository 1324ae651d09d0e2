import type { Transport } from "./test-area.ts";

/** Holds every call of the functions back until it is its turn, in an order that the seed alone decides. */
export interface Interleaving {
  readonly transport: Transport;
  /** The same for calls by fetch. */
  fetch(inner: typeof fetch): typeof fetch;
  /** Lets calls through one by one until the work has ended. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function interleave(seed: number): Interleaving {
  const waiting: (() => void)[] = [];
  const random = seededRandom(seed);
  const turn = () => new Promise<void>((resolve) => void waiting.push(resolve));
  return {
    transport: (inner) => ({
      ...inner,
      async handle(request, options) {
        await turn();
        return inner.handle(request, options);
      },
    }),
    fetch: (inner) => async (input, init) => {
      await turn();
      return inner(input, init);
    },
    async run(work) {
      let ended = false;
      const done = work.finally(() => {
        ended = true;
      });
      while (!ended) {
        await idle();
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
      }
      return done;
    },
  };
}

/** Some turns of the event loop: whoever can go on without a call has done so. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
