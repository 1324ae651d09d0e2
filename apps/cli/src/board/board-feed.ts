import type { AccountMapping } from "@windlass/account-mapping";
import { isGuarded } from "../act/confirm.ts";
import type { CliWorld } from "../cli-world.ts";
import { pause } from "../pause.ts";
import type { AreaStatus, StatusView } from "../status.ts";
import type { BoardEvent } from "./board-api.ts";

/** What all pages look at. The areas are read once for all of them, and not at all while nobody looks. */
export interface BoardFeed {
  /** Everything now, then what changes, until the signal. */
  follow(signal: AbortSignal): AsyncGenerator<BoardEvent>;
  /** Looks at once, instead of after the usual time: something was sent. */
  hurry(): void;
}

export interface BoardFeedOptions {
  readonly world: Pick<CliWorld, "wait" | "interrupted">;
  readonly mapping: AccountMapping;
  readonly read: () => Promise<StatusView>;
  readonly intervalMs: number;
}

interface Listener {
  hear(event: BoardEvent): void;
  fail(error: unknown): void;
}

export function createBoardFeed({ world, mapping, read, intervalMs }: BoardFeedOptions): BoardFeed {
  const listeners = new Set<Listener>();
  let latest: BoardEvent | null = null;
  let looking = false;
  let hurried = new AbortController();

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      while (listeners.size > 0 && !world.interrupted.aborted) {
        await tell();
        hurried = new AbortController();
        await pauseUntil(world, hurried.signal, intervalMs);
      }
    } catch (error) {
      for (const listener of listeners) listener.fail(error);
    } finally {
      looking = false;
      // Whoever comes next is told what is, not what was.
      latest = null;
    }
  }

  async function tell(): Promise<void> {
    const status = await read();
    const before = latest;
    latest = { ...status, order: status.areas.map(nameOf), guarded: guardedOf(mapping, status) };
    const areas = before === null ? latest.areas : changed(before.areas, latest.areas);
    for (const listener of listeners) listener.hear({ ...latest, areas });
  }

  return {
    async *follow(signal) {
      const heard = createMailbox(signal);
      if (latest !== null) heard.listener.hear(latest);
      listeners.add(heard.listener);
      void look();
      try {
        yield* heard.events();
      } finally {
        listeners.delete(heard.listener);
        if (listeners.size === 0) hurried.abort();
      }
    },
    hurry: () => hurried.abort(),
  };
}

/** Keeps what is heard until it is taken. */
function createMailbox(signal: AbortSignal): { readonly listener: Listener; events(): AsyncGenerator<BoardEvent> } {
  const queue: (() => BoardEvent)[] = [];
  let wake = () => {};
  const put = (take: () => BoardEvent) => {
    queue.push(take);
    wake();
  };
  signal.addEventListener("abort", () => wake());
  return {
    listener: {
      hear: (event) => put(() => event),
      fail: (error) =>
        put(() => {
          throw error;
        }),
    },
    async *events() {
      while (!signal.aborted) {
        const take = queue.shift();
        if (take === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else yield take();
      }
    },
  };
}

async function pauseUntil(
  { wait, interrupted }: BoardFeedOptions["world"],
  signal: AbortSignal,
  ms: number,
): Promise<void> {
  await pause({ wait, interrupted: AbortSignal.any([interrupted, signal]) }, ms);
}

function guardedOf(mapping: AccountMapping, { areas }: StatusView): readonly string[] {
  return areas.map(nameOf).filter((area) => isGuarded(mapping, area));
}

/** Those that say something else, apart from how long ago something was. */
function changed(before: readonly AreaStatus[], now: readonly AreaStatus[]): readonly AreaStatus[] {
  const then = new Map(before.map((area) => [nameOf(area), withoutAges(area)]));
  return now.filter((area) => withoutAges(area) !== then.get(nameOf(area)));
}

function nameOf({ area }: AreaStatus): string {
  return area;
}

/** Moments that pass by themselves; pages count them on. */
const AGES: ReadonlySet<string> = new Set(["at", "ageSeconds", "leaseAgeSeconds"]);

function withoutAges(area: AreaStatus): string {
  return JSON.stringify(area, (key, value: unknown) =>
    AGES.has(key) && typeof value !== "object" ? undefined : value,
  );
}
