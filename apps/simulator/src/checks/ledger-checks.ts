import type { Claim, Deployment, Ledger, Result } from "@windlass/deployment";
import { groupOf } from "../core/scenario.ts";
import type { Sim } from "../core/sim.ts";
import { readRecord } from "../world/bucket.ts";
import { BUCKET, REGION } from "../world/names.ts";
import { createAttemptModel } from "./attempt-model.ts";
import { type ControlModel, createControlModel } from "./control-model.ts";
import { checkEnded, type Known } from "./end-checks.ts";
import { checkStart } from "./start-checks.ts";

/** Holds every version of the ledger against the one before, and against what is really so. */
export interface LedgerChecks {
  /** A version was written. */
  written(): void;
  readonly latest: () => Ledger | null;
}

const ACTIVE = ["waiting", "launching", "running"];

/** From each state, where a deployment may be in the next version of the ledger. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  waiting: ["launching", "superseded", "cancelled"],
  launching: ["running", "never-started", "cancelled", "succeeded", "failed", "lost", "unknown", "state-unsaved"],
  running: ["succeeded", "failed", "lost", "unknown", "state-unsaved", "cancelled", "never-started"],
};

export function createLedgerChecks(sim: Sim): LedgerChecks {
  const { checks } = sim;
  let before: Ledger | null = null;
  const known: Known = { ended: new Map(), born: new Map(), controls: createControlModel(sim) };
  const attempts = createAttemptModel();
  return {
    latest: () => before,
    written() {
      const ledger = readRecord<Ledger>(sim, "ledger.json");
      checks.expect("S4", ledger !== null, () => "the ledger that was written does not parse");
      if (ledger === null) return;
      const { controls } = known;
      attempts.note(before, ledger, controls.note(before, ledger));
      checks.expect(
        "S22",
        (ledger.pause !== null) === controls.isPaused(),
        () => `the ledger says ${ledger.pause === null ? "going on" : "paused"}, and people asked for the other`,
      );
      checks.expect("S4", before === null || ledger.epoch >= before.epoch, () => "the epoch went back");
      for (const deployment of Object.values(ledger.deployments)) {
        checkDeployment(sim, { before, deployment }, known);
        if (hasJustStarted(before, deployment)) checkStart(sim, ledger, { deployment, controls, attempts });
      }
      checkHistory(sim, before, ledger);
      noteGivenUp(sim, before, ledger);
      for (const [image, record] of Object.entries(ledger.images)) checkImage(sim, before, { ledger, image, record });
      before = ledger;
    },
  };
}

function hasJustStarted(before: Ledger | null, { id, launchedAt }: Deployment): boolean {
  return launchedAt !== null && (before?.deployments[id]?.launchedAt ?? null) === null;
}

/** What leaves the ledger is in the history. */
function checkHistory({ checks, own }: Sim, before: Ledger | null, ledger: Ledger): void {
  for (const id of Object.keys(before?.deployments ?? {})) {
    if (id in ledger.deployments) continue;
    const kept = own.s3.read(BUCKET, `history/${id.slice(0, 4)}/${id.slice(4, 6)}/${id}.json`) !== null;
    checks.expect("S4", kept, () => `${id} has left the ledger, and is not in the history`);
  }
}

/** More reports than that, or older ones, are given up. */
const MOST_REPORTS = 200;
const KEPT_MS = 30 * 86_400_000;

/** A report that goes while there is no reason to give it up has to be shown. */
function noteGivenUp({ truth, scenario, scheduler }: Sim, before: Ledger | null, ledger: Ledger): void {
  const reports = Object.entries(before?.reports ?? {});
  const many = reports.length + scenario.images.length > MOST_REPORTS;
  for (const [id, { at }] of reports) {
    const old = scheduler.now() - Date.parse(at) > KEPT_MS - 86_400_000;
    if ((many || old) && !(id in ledger.reports)) truth.givenUp.add(id);
  }
}

interface DeploymentVersion {
  readonly before: Ledger | null;
  readonly deployment: Deployment;
}

function checkDeployment(sim: Sim, { before, deployment }: DeploymentVersion, known: Known): void {
  const { checks } = sim;
  const { ended, born, controls } = known;
  const { id, epoch, state } = deployment;
  const old = before?.deployments[id];
  if (old === undefined) {
    const grows = before === null || epoch > before.epoch;
    checks.expect("S4", grows && !ended.has(id), () => `${id} is new, with epoch ${epoch} after ${before?.epoch}`);
    born.set(id, sim.scheduler.now());
    checkDecided(sim, deployment, controls);
  } else {
    const fine = old.state === state || (NEXT[old.state]?.includes(state) ?? false);
    checks.expect("S4", fine, () => `${id} went from ${old.state} to ${state}`);
    const same = old.digest === deployment.digest && old.epoch === epoch && old.image === deployment.image;
    checks.expect("S3", same, () => `${id} changed what it deploys`);
  }
  if (ACTIVE.includes(state)) return;
  const text = JSON.stringify({ ...deployment, refresh: null });
  const end = ended.get(id);
  checks.expect("S4", end === undefined || end === text, () => `${id} has ended, and was changed`);
  if (end === undefined) checkEnded(sim, deployment, known);
  ended.set(id, text);
}

/** What was decided carried the tag once, or a person asked for it. */
function checkDecided({ checks, truth }: Sim, { id, image, digest }: Deployment, controls: ControlModel): void {
  const tagged = truth.heads.get(image)?.some((head) => head.digest === digest) ?? false;
  const held = controls.heldAt(image);
  const asked = held === null ? tagged : held.includes(digest);
  const why = held === null ? `${image} never was` : `nobody asked for: ${image} is held at ${held.join(", ")}`;
  checks.expect("S3", asked, () => `${id} deploys ${digest}, which ${why}`);
}

interface ImageVersion {
  readonly ledger: Ledger;
  readonly image: string;
  readonly record: Ledger["images"][string];
}

function checkImage(sim: Sim, before: Ledger | null, { ledger, image, record }: ImageVersion): void {
  const { checks } = sim;
  const old = before?.images[image];
  const headKept = old?.head == null || record.head !== null;
  checks.expect("S17", headKept, () => `the head of ${image} was forgotten`);
  checks.expect("S17", old?.live == null || record.live !== null, () => `what is live of ${image} was forgotten`);
  const { live } = record;
  if (live === null || live.deployment === old?.live?.deployment) return;
  const deployment = ledger.deployments[live.deployment];
  const proven = deployment?.state === "succeeded" && deployment.digest === live.digest;
  checks.expect("S2", proven, () => `${image} is live by ${live.deployment}, which is ${deployment?.state}`);
  if (deployment === undefined) return;
  if (deployment.kind === "terraform") checkLive(sim, deployment);
  else checkRefreshed(sim, deployment);
}

/** Terraform really did it, for the holder of the claim, with that digest. */
function checkLive(sim: Sim, { id, epoch, digest }: Deployment): void {
  const { checks, truth } = sim;
  const apply = truth.applies.get(id);
  const did =
    apply === undefined ? truth.noops.get(id) === digest : apply.end === "succeeded" && apply.digest === digest;
  checks.expect("S2", did, () => `${id} succeeded, and its Terraform ${apply?.end ?? "never applied"}`);
  const result = readRecord<Result>(sim, `runs/${id}/result.json`);
  const claim = readRecord<Claim>(sim, `runs/${id}/claim.json`);
  const own = result !== null && result.nonce === claim?.nonce && result.epoch === epoch && result.exitCode === 0;
  checks.expect(
    "S2",
    own,
    () => `${id} succeeded by a result of ${result?.nonce}, epoch ${result?.epoch}, exit code ${result?.exitCode}`,
  );
  checks.expect("S3", result?.digest === digest, () => `${id} ran ${result?.digest} instead of ${digest}`);
}

function checkRefreshed(sim: Sim, { id, image, digest, refresh }: Deployment): void {
  const { checks, own } = sim;
  const real = own.autoScaling(REGION).refreshes(groupOf(image));
  const ids = Object.values(refresh?.groups ?? {}).map(({ refreshId }) => refreshId);
  const fine = ids.length > 0 && ids.every((one) => real.find((known) => known.id === one)?.status === "Successful");
  checks.expect("S2", fine, () => `${id} succeeded by refreshes ${ids.join(", ")}, which are not Successful`);
  const members = own.autoScaling(REGION).group(groupOf(image))?.instances ?? [];
  const tags = own.ec2(REGION).instances();
  const wrong = members.find((member) => {
    const instance = tags.find(({ instanceId }) => instanceId === member.id);
    return member.lifecycle === "InService" && instance?.allTags[`windlass:image:${image}`] !== digest;
  });
  checks.expect(
    "S3",
    wrong === undefined,
    () => `${id} succeeded, and instance ${wrong?.id} runs something else than ${digest}`,
  );
}
