import type { Image } from "@windlass/account-mapping";
import type { Deployment, DeploymentId, ImageRecord, Instant, Ledger, Outcome } from "@windlass/deployment";
import type { FailureView } from "./area-view.ts";
import { type LinkPlace, linksOf, reportLinksOf } from "./link-place.ts";
import { logUrlOf } from "./log-url.ts";

export interface FailureInput {
  readonly record: Pick<ImageRecord, "attempts" | "block">;
  readonly image: string;
  readonly kind: Image["kind"];
  readonly ledger: Ledger;
  /** Deployments of the history. */
  readonly ended: readonly Deployment[];
  readonly place: LinkPlace;
}

/** The image's last deployment that did not succeed, while it blocks the image or counts against its target. */
export function viewFailure(input: FailureInput): FailureView | null {
  const found = lastFailure(input.record);
  if (found === null) return null;
  const { ledger, ended, place } = input;
  const record = ledger.deployments[found.id] ?? ended.find(({ id }) => id === found.id);
  if (record === undefined) return viewUnread(input, found);
  const { endedAt, failure } = record;
  return {
    deployment: found.id,
    outcome: found.outcome,
    at: endedAt,
    code: failure?.code ?? null,
    message: failure?.message ?? null,
    hint: failure?.hint ?? null,
    links: linksOf(place, record, ledger),
  };
}

interface LastFailure {
  readonly id: DeploymentId;
  readonly outcome: Outcome;
  readonly at: Instant | null;
}

function lastFailure({ attempts, block }: FailureInput["record"]): LastFailure | null {
  if (block !== null) return { id: block.deployment, outcome: block.outcome, at: block.at };
  return attempts === null ? null : { id: attempts.last.deployment, outcome: attempts.last.outcome, at: null };
}

/** Its record is in the history, which was not read. */
function viewUnread({ image, kind, ledger, place }: FailureInput, { id, outcome, at }: LastFailure): FailureView {
  // Which group a refresh was of stands in its record alone.
  const log = kind === "terraform" ? logUrlOf({ id, refresh: null }, place) : null;
  const links = { ...reportLinksOf(place, { id, image }, ledger), commit: null, log };
  return { deployment: id, outcome, at, code: null, message: null, hint: null, links };
}
