import type { Assignment, Lease } from "@windlass/deployment";
import { toInstant } from "@windlass/deployment";
import type { LeaseReading } from "@windlass/ledger-store";
import { describeError } from "@windlass/windlass-error";
import type { Run } from "./ports.ts";

export type LeaseWrite =
  | { readonly kind: "stored" }
  /** An earlier write of one's own arrived late, or the lease is gone: the next write goes over what is there. */
  | { readonly kind: "overtaken" }
  /** What is there is not this runner's. It is never overwritten. */
  | { readonly kind: "displaced"; readonly problem: string };

/** Writes leases one over the other. */
export interface LeaseWriter {
  /** Throws where it is unclear whether the lease was stored. One write at a time. */
  write(state: Pick<Lease, "phase" | "progress">): Promise<LeaseWrite>;
}

/**
 * Every write is conditional on the lease that is known to be there, so that a write that timed out here and arrives at
 * S3 later never replaces a newer one: it could put `planning` over an acknowledged `applying`.
 */
export function createLeaseWriter(run: Run, assignment: Assignment): LeaseWriter {
  const { store, log } = run;
  let previous: string | null = null;
  /** After a write whose end is not known. */
  let unsure = false;

  return {
    async write(state) {
      if (unsure) {
        const problem = await lookBack();
        if (problem !== null) return { kind: "displaced", problem };
      }
      unsure = true;
      const renewal = await store.renewLease(toLease(run, assignment, state), previous);
      if (renewal.kind === "renewed") {
        previous = renewal.etag;
        unsure = false;
        return { kind: "stored" };
      }
      const problem = await lookBack();
      return problem === null ? { kind: "overtaken" } : { kind: "displaced", problem };
    },
  };

  /** Learns what is there. Null: nothing that is another's, as far as it can be read. */
  async function lookBack(): Promise<string | null> {
    try {
      const there = await store.readLease(assignment.deployment);
      const problem = findStranger(run, there);
      if (problem !== null) return problem;
      previous = there.kind === "present" ? there.etag : null;
      unsure = false;
    } catch (error) {
      // The condition of the next write is then the old one: it does no harm, and may still hold.
      log.warn({ error: describeError(error) }, "lease not read back");
    }
    return null;
  }
}

function findStranger({ settings }: Run, there: LeaseReading): string | null {
  switch (there.kind) {
    case "absent":
      return null;
    case "present":
      return there.lease.nonce === settings.nonce ? null : `instance ${there.lease.instance} has written one`;
    case "invalid":
      return `what is there can not be read: ${there.problem}`;
  }
}

function toLease(run: Run, assignment: Assignment, state: Pick<Lease, "phase" | "progress">): Lease {
  const { instance, nonce } = run.settings;
  const { deployment, epoch } = assignment;
  return { schema: 1, deployment, epoch, instance, nonce, ...state, at: toInstant(new Date(run.clock.now())) };
}
