import type { AreaStatus } from "./api.ts";

/** What was asked for on this page, until a tick has taken it. */
export interface SentControl {
  readonly id: string;
  readonly area: string;
  /** Such as `hold api in production`. */
  readonly title: string;
  readonly at: string;
  readonly progress: "sent" | "waiting" | "taken";
}

/** A control is taken when the area no longer lists it: after it was seen there, or in a view that is newer than it. */
export function trackControl(sent: SentControl, areas: readonly AreaStatus[]): SentControl {
  const area = areas.find((one) => one.area === sent.area);
  if (sent.progress === "taken" || area?.kind !== "area" || area.controls.kind !== "controls") return sent;
  if (area.controls.waiting.some(({ id }) => id === sent.id)) return progressTo(sent, "waiting");
  const isNewer = Date.parse(area.at) > Date.parse(sent.at);
  return sent.progress === "waiting" || isNewer ? progressTo(sent, "taken") : sent;
}

function progressTo(sent: SentControl, progress: SentControl["progress"]): SentControl {
  return sent.progress === progress ? sent : { ...sent, progress };
}
