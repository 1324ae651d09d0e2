import type { Area, DeployWindow, Freeze } from "@windlass/account-mapping";
import { Temporal } from "temporal-polyfill";

/** Whether deployments may start now. Times are local with offset, to the minute: `2026-11-24T09:00+11:00`. */
export type WindowState =
  | { readonly kind: "open" /** Null: not within a week. */; readonly closesAt: string | null }
  | {
      readonly kind: "closed";
      /** Null: not within a year. */
      readonly opensAt: string | null;
      /** Reason of the freeze that closes it now. */
      readonly freeze: string | null;
    };

type Schedule = Pick<Area, "window" | "freezes">;

/** A freeze may last long; an open window that does not close within a week is open around the clock. */
const OPENING_HORIZON_DAYS = 370;
const CLOSING_HORIZON_DAYS = 8;

/**
 * The area's window at this moment, by the wall clock of its zone: an hour that daylight saving skips is missing from
 * the window, and one that it repeats counts twice.
 */
export function windowAt(area: Schedule, now: Date): WindowState {
  const local = localTime(area, now);
  if (isOpen(area, local)) return { kind: "open", closesAt: nextChange(area, local, false) };
  const freeze = freezeOn(area.freezes, local.toPlainDate());
  return { kind: "closed", opensAt: nextChange(area, local, true), freeze: freeze?.reason ?? null };
}

/** Whether the window is open: what `windowAt` says, without looking for the moment at which that changes. */
export function isWindowOpen(area: Schedule, now: Date): boolean {
  return isOpen(area, localTime(area, now));
}

function localTime({ window }: Schedule, now: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(window.timezone);
}

function isOpen({ window, freezes }: Schedule, at: Temporal.ZonedDateTime): boolean {
  return isWithinHours(window, at) && (freezes.length === 0 || freezeOn(freezes, at.toPlainDate()) === undefined);
}

function isWithinHours(window: DeployWindow, at: Temporal.ZonedDateTime): boolean {
  const minute = at.hour * 60 + at.minute;
  const today = window.days.includes(at.dayOfWeek);
  if (window.from < window.to) return today && minute >= window.from && minute < window.to;
  const yesterday = window.days.includes(at.dayOfWeek === 1 ? 7 : at.dayOfWeek - 1);
  return (today && minute >= window.from) || (yesterday && minute < window.to);
}

function freezeOn(freezes: readonly Freeze[], date: Temporal.PlainDate): Freeze | undefined {
  const day = date.toString();
  return freezes.find((freeze) => freeze.from <= day && day <= freeze.to);
}

function nextChange(schedule: Schedule, from: Temporal.ZonedDateTime, open: boolean): string | null {
  const horizon = open ? OPENING_HORIZON_DAYS : CLOSING_HORIZON_DAYS;
  const today = from.toPlainDate();
  const transitions = transitionsAfter(from.startOfDay());
  for (let day = 0; day <= horizon; day += 1) {
    const date = today.add({ days: day });
    const change = boundariesOf(schedule.window, date, transitions.on(date)).find(
      (boundary) => Temporal.ZonedDateTime.compare(boundary, from) > 0 && isOpen(schedule, boundary) === open,
    );
    if (change !== undefined) return formatLocal(change);
  }
  return null;
}

/** The zone's clock changes, asked for day after day: looking one up costs more than all else here. */
function transitionsAfter(start: Temporal.ZonedDateTime) {
  let next = start.getTimeZoneTransition("next");
  return {
    /** The first of that day; null where its clock does not change. */
    on(date: Temporal.PlainDate): Temporal.ZonedDateTime | null {
      while (next !== null && Temporal.PlainDate.compare(next.toPlainDate(), date) < 0) {
        next = next.getTimeZoneTransition("next");
      }
      return next?.toPlainDate().equals(date) ? next : null;
    },
  };
}

/** Every moment of one local day at which a window may open or close, in order. */
function boundariesOf(
  window: DeployWindow,
  date: Temporal.PlainDate,
  transition: Temporal.ZonedDateTime | null,
): readonly Temporal.ZonedDateTime[] {
  const start = date.toZonedDateTime(window.timezone);
  const hours = [window.from, window.to].filter((minute) => minute < 1440);
  const boundaries = [
    start,
    ...hours.flatMap((minute) => {
      const wall = date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 });
      return (["earlier", "later"] as const).map((disambiguation) =>
        wall.toZonedDateTime(window.timezone, { disambiguation }),
      );
    }),
    ...(transition === null ? [] : [transition]),
  ];
  return boundaries.sort((one, other) => Temporal.ZonedDateTime.compare(one, other));
}

function formatLocal(at: Temporal.ZonedDateTime): string {
  return at.toString({ smallestUnit: "minute", timeZoneName: "never", calendarName: "never" });
}
