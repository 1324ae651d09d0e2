import { useEffect, useState } from "preact/hooks";
import type { RunEvent } from "./api.ts";
import { type FollowedRun, followLog, NOTHING_FOLLOWED } from "./follow-log.ts";

/** Follows a deployment until it ends. */
export function useRun(area: string, deployment: string): FollowedRun {
  const [run, setRun] = useState<FollowedRun>(NOTHING_FOLLOWED);
  useEffect(() => {
    setRun(NOTHING_FOLLOWED);
    const path = `/api/areas/${encodeURIComponent(area)}/deployments/${encodeURIComponent(deployment)}/events`;
    const events = new EventSource(path);
    events.addEventListener("run", ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as RunEvent;
      setRun((before) => followLog(before, event));
      // Otherwise the browser would ask for it all again.
      if (event.kind === "end") events.close();
    });
    events.addEventListener("end", () => events.close());
    return () => events.close();
  }, [area, deployment]);
  return run;
}
