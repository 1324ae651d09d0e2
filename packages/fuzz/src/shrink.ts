const MOST_TRIES = 300;

/** A shorter text that still fails, by leaving out ever smaller parts; bounded, so not always the shortest. */
export async function shrink(text: string, fails: (text: string) => Promise<boolean>): Promise<string> {
  let shortest = text;
  let tries = 0;
  for (let size = Math.ceil(text.length / 2); size >= 1 && tries < MOST_TRIES; size = Math.floor(size / 2)) {
    for (let at = 0; at < shortest.length && tries < MOST_TRIES; ) {
      const shorter = shortest.slice(0, at) + shortest.slice(at + size);
      tries += 1;
      if (await fails(shorter)) shortest = shorter;
      else at += size;
    }
  }
  return shortest;
}
