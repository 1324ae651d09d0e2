import type { Head, HeadReading } from "@windlass/deployment";
import type { HeadReader } from "@windlass/ecr-tag-diff";

/** A reader that falls back, and what it fell back for. For people alone: a tick starts nothing that it can not read. */
export interface LedgerHeads {
  readonly reader: HeadReader;
  /** Images whose head is what the last tick saw, since the registry did not let the caller look; sorted. */
  readonly taken: () => readonly string[];
}

/** What the registry answers to people: its repositories let in the areas' roles, and nobody else. */
const REFUSAL = "access-denied";

/** Takes the heads that the registry refuses from the ledger: what the last tick saw. An outage stays one. */
export function withLedgerHeads(registry: HeadReader): LedgerHeads {
  const taken = new Set<string>();
  return {
    taken: () => [...taken].sort(),
    reader: {
      async readHeads(sources, known, signal) {
        const readings = await registry.readHeads(sources, known, signal);
        return mapReadings(readings, (image, reading) => {
          if (reading.kind !== "unreadable" || reading.code !== REFUSAL) return reading;
          taken.add(image);
          return fromLedger(known[image]);
        });
      },
    },
  };
}

/** Asks no registry: every head is what the last tick saw. */
export function createLedgerHeads(): LedgerHeads {
  const taken = new Set<string>();
  return {
    taken: () => [...taken].sort(),
    reader: {
      async readHeads(sources, known) {
        for (const { image } of sources) taken.add(image);
        return Object.fromEntries(sources.map(({ image }) => [image, fromLedger(known[image])]));
      },
    },
  };
}

/** Where the last tick saw no head, there is none to tell of. */
function fromLedger(head: Head | undefined): HeadReading {
  return head === undefined ? { kind: "absent", missing: "tag" } : { kind: "head", head };
}

function mapReadings(
  readings: Readonly<Record<string, HeadReading>>,
  change: (image: string, reading: HeadReading) => HeadReading,
): Readonly<Record<string, HeadReading>> {
  return Object.fromEntries(Object.entries(readings).map(([image, reading]) => [image, change(image, reading)]));
}
