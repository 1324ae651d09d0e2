import { hintFor } from "./suggest.ts";

/** The form of IANA names; which of them exist is up to the runtime's own table. */
export const TIME_ZONE = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/;

/**
 * True for the IANA names that this runtime knows, old names included. Other spellings of a name's case are refused:
 * EventBridge Scheduler and EC2 Auto Scaling take the exact name only.
 */
export function isTimeZone(name: string): boolean {
  const zones = timeZones();
  if (zones.includes(name)) return true;
  if (zones.some((zone) => zone.toLowerCase() === name.toLowerCase())) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    // A RangeError, the only one that the constructor throws here: no such zone.
    return false;
  }
}

/** Which zone was probably meant: by spelling, or by the city alone. */
export function hintForTimeZone(name: string): string {
  const city = cityOf(name);
  const sameCity = timeZones().find((zone) => cityOf(zone) === city);
  const advice = "use a name of the IANA time zone database, such as Australia/Sydney or UTC";
  return sameCity === undefined ? hintFor(name, timeZones(), advice) : `did you mean "${sameCity}"?`;
}

function timeZones(): readonly string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone")];
}

function cityOf(zone: string): string | undefined {
  return zone.replaceAll(" ", "_").toLowerCase().split("/").at(-1);
}
