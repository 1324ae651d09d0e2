import { type Instant, toInstant } from "./identifiers.ts";
import type { InstanceReading } from "./observation.ts";

/** Two sightings are so far apart: less than the minute between two ticks, more than a burst of them. */
const SIGHTINGS_APART_MS = 45_000;
/** EC2 forgets a terminated instance after about an hour; before that, unknown may be its eventual consistency. */
const FORGOTTEN_AFTER_MS = 60 * 60_000;

/** What is known of an instance before EC2 is asked once more. */
export interface WatchedInstance {
  /** When it was launched, or its launch was asked for. */
  readonly since: Instant;
  /** Since when EC2, each time that it was asked, did not know it. */
  readonly unknownSince: Instant | null;
}

export interface Sighting {
  /** EC2 says that it is terminated; or did not know it twice, more than an hour after its launch. */
  readonly gone: boolean;
  readonly unknownSince: Instant | null;
}

/** What EC2's word makes of an instance. No word, or one that could not be had, proves nothing. */
export function sightInstance(
  reading: InstanceReading | undefined,
  { since, unknownSince }: WatchedInstance,
  now: Date,
): Sighting {
  switch (reading?.kind) {
    case "unreadable":
      return { gone: false, unknownSince };
    case undefined:
      return { gone: false, unknownSince: null };
    case "state":
      return { gone: reading.state === "terminated", unknownSince: null };
    case "not-found": {
      if (now.getTime() - Date.parse(since) <= FORGOTTEN_AFTER_MS) return { gone: false, unknownSince };
      const first = unknownSince ?? toInstant(now);
      return { gone: isSeenTwice(first, now), unknownSince: first };
    }
  }
}

/** Whether a first sighting is so long ago that another one counts. */
export function isSeenTwice(first: Instant, now: Date): boolean {
  return now.getTime() - Date.parse(first) >= SIGHTINGS_APART_MS;
}
