import { type Schedule, type SchedulePlace, schedulesOf } from "./schedules-state.ts";

/** Direct access to one account's schedules in one region. */
export interface SchedulesAccount {
  /** Over one that is there. In UTC, and enabled, unless told otherwise. */
  put(schedule: Pick<Schedule, "name" | "group" | "expression"> & Partial<Schedule>): void;
  remove(group: string, name: string): void;
}

export function createSchedulesAccount(place: SchedulePlace): SchedulesAccount {
  return {
    put(schedule) {
      schedulesOf(place).set(`${schedule.group}/${schedule.name}`, { timezone: "UTC", enabled: true, ...schedule });
    },
    remove(group, name) {
      schedulesOf(place).delete(`${group}/${name}`);
    },
  };
}
