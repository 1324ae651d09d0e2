import { type StateKey, stateKey, type World } from "../core/world.ts";

export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
}

/** One account's schedules in one region. */
export interface SchedulePlace {
  readonly world: World;
  readonly account: string;
  readonly region: string;
}

const schedulesKey: StateKey<Map<string, Schedule>> = stateKey("scheduler.schedules");

/** By group and name: `<group>/<name>`. */
export function schedulesOf({ world, account, region }: SchedulePlace): Map<string, Schedule> {
  return world.state(schedulesKey, account, region, () => new Map());
}
