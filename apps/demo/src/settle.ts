import { setTimeout as wait } from "node:timers/promises";
import { describeError } from "@windlass/windlass-error";
import type { AreaSite } from "./area-site.ts";
import type { TickSummary } from "./lambda-protocol.ts";

export interface TickListener {
  /** After every tick that worked. */
  ticked(area: AreaSite, summary: TickSummary): Promise<void> | void;
  /** After one that did not: the next may. */
  failed?(area: AreaSite, message: string): void;
}

/** Runs the deploy Lambdas of all areas, again and again, for as long as it is asked to. */
export interface Ticker {
  ticks(): number;
  /** One tick of every area, one after the other. */
  tick(): Promise<void>;
  /** Ticks until it holds. Throws where it does not within the time. */
  until(holds: () => Promise<boolean> | boolean, what: string): Promise<void>;
}

export interface TickerOptions {
  readonly areas: readonly AreaSite[];
  readonly listener: TickListener;
  /** Between two rounds. On AWS it is a minute. */
  readonly pauseMs: number;
  readonly patienceMs: number;
}

const SCHEDULE_EVENT = { source: "windlass.schedule" };

export function createTicker({ areas, listener, pauseMs, patienceMs }: TickerOptions): Ticker {
  let ticks = 0;

  async function tickArea(area: AreaSite): Promise<void> {
    ticks += 1;
    try {
      await listener.ticked(area, await area.tick(SCHEDULE_EVENT));
    } catch (error) {
      listener.failed?.(area, describeError(error));
    }
  }

  async function tick(): Promise<void> {
    for (const area of areas) await tickArea(area);
  }

  return {
    ticks: () => ticks,
    tick,
    async until(holds, what) {
      const start = performance.now();
      while (!(await holds())) {
        if (performance.now() - start > patienceMs) {
          throw new Error(`${what} did not happen within ${patienceMs / 1000} seconds`);
        }
        await tick();
        await wait(pauseMs);
      }
    },
  };
}
