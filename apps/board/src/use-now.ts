import { useContext, useEffect, useState } from "preact/hooks";
import { ServerClock } from "./server-clock.ts";

/** The time by the server's clock, as often as ages are worth being drawn again. */
export function useNow(everyMs: number): number {
  const aheadMs = useContext(ServerClock);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + aheadMs;
}
