import type { WindowState } from "@windlass/deployment";
import { formatTime, type TimeOptions } from "./format-time.ts";

/** Whether something may start now, and until when that is so. */
export function describeWindow(window: WindowState, options: TimeOptions): string {
  if (window.kind === "open") {
    return window.closesAt === null ? "open at all times" : `open until ${formatTime(window.closesAt, options)}`;
  }
  const until = window.opensAt === null ? "for more than a year" : `until ${formatTime(window.opensAt, options)}`;
  return window.freeze === null ? `closed ${until}` : `frozen ${until}: ${window.freeze}`;
}
