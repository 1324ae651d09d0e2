/** Maps with at most `limit` calls at a time; results keep the order of the items. The first rejection rejects. */
export async function mapConcurrently<Item, Mapped>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Mapped>,
): Promise<readonly Mapped[]> {
  const mapped: Mapped[] = [];
  const queue = items.entries();
  async function work(): Promise<void> {
    for (const [index, item] of queue) mapped[index] = await map(item);
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return mapped;
}
