import type { Claim } from "@windlass/deployment";
import type { CallEntry } from "@windlass/sandbox";
import type { Weather } from "../actors/weather.ts";
import { type CallTarget, formValue } from "../core/call-target.ts";
import type { SimProcess } from "../core/process.ts";
import type { Sim } from "../core/sim.ts";
import { readRecord } from "../world/bucket.ts";
import { BUCKET, CANARIES, DEPLOY_GROUP, REGION } from "../world/names.ts";
import type { LedgerChecks } from "./ledger-checks.ts";

const LEASE_SECONDS = 300;
/** By which a group could be asked for more than one instance. */
const CAPACITIES = ["DesiredCapacity", "MaxSize"] as const;
/** No tick lives longer, so what it last looked at is at most so old when it acts. */
const TICK_MS = 120_000;
const KEPT_WRITES = 12;
/** What takes longer to arrive is told to be late. */
const LATE_MS = 1_000;

/** Holds every call against what it may do, before it is sent and after its effect. */
export interface CallChecks {
  before(process: SimProcess, target: CallTarget): void;
  after(process: SimProcess, sentAt: number): void;
}

export function createCallChecks(sim: Sim, ledger: LedgerChecks, weather: () => Weather): CallChecks {
  /** By deployment: when its lease, or its claim, was written. */
  const writes = new Map<string, number[]>();
  let etag: string | null = null;

  function afterPut(process: SimProcess, key: string): void {
    if (key === "ledger.json") {
      const now = sim.own.s3.read(BUCKET, key)?.etag ?? null;
      if (now !== etag) ledger.written();
      etag = now;
      return;
    }
    const [, deployment = "", name = ""] = key.split("/");
    if (name === "lease.json" || name === "claim.json") noteWrite(writes, deployment, sim.scheduler.now());
    if (name !== "result.json") return;
    sim.tell(`${process.name} has stored its result`);
    sim.wake();
    if (sim.chaos.draws("result-broken")) breakResult(sim, key);
  }

  return {
    before(process, target) {
      if (target.service === "s3" && target.method === "PUT" && target.path.endsWith("/ledger.json")) {
        sim.checks.expect("S4", target.conditional, () => `${process.name} writes the ledger without a condition`);
      }
      checkCapacity(sim, process, target);
      if (target.service !== "github" && target.service !== "sns") return;
      const secret = CANARIES.find((canary) => target.body.includes(canary));
      sim.checks.expect("S14", secret === undefined, () => `${process.name} sends ${secret} to ${target.service}`);
    },
    after(process, sentAt) {
      const entry = sim.sandbox.calls.entries.at(-1);
      if (entry === undefined) return;
      const { action, input } = entry;
      const late = sim.scheduler.now() - sentAt;
      sim.tell(
        `${process.name}: ${entry.service}:${action} ${subjectOf(entry)} ${entry.outcome}${late < LATE_MS ? "" : `, sent ${Math.round(late / 1000)} s before`}`,
      );
      if (action === "PutObject" && entry.outcome === "AccessDenied") {
        sim.chaos.struck("bucket-denied", `${process.name} may not write ${subjectOf(entry)}`);
      }
      if (entry.outcome !== "ok") return;
      if (action === "PutObject") return afterPut(process, String(input["Key"]));
      if (action === "TerminateInstanceInAutoScalingGroup") {
        return checkTermination(sim, writes, { process, instance: String(input["InstanceId"]), sentAt });
      }
      if (action === "SetDesiredCapacity")
        return afterCapacity(sim, weather(), process, Number(input["DesiredCapacity"]));
      if (action === "StartInstanceRefresh") weather().onRefresh(String(input["AutoScalingGroupName"]));
    },
  };
}

function subjectOf({ input }: CallEntry): string {
  const subject =
    input["Key"] ??
    input["Prefix"] ??
    input["repositoryName"] ??
    input["InstanceId"] ??
    input["AutoScalingGroupName"] ??
    "";
  return String(subject);
}

function noteWrite(writes: Map<string, number[]>, deployment: string, at: number): void {
  const known = writes.get(deployment) ?? [];
  known.push(at);
  if (known.length > KEPT_WRITES) known.shift();
  writes.set(deployment, known);
}

/** Cut short, of another attempt, or of another digest than was decided. */
function breakResult({ own, random, chaos }: Sim, key: string): void {
  const text = own.s3.read(BUCKET, key)?.text ?? "";
  const result = JSON.parse(text) as { readonly epoch: number; readonly digest: string | null };
  const another = JSON.stringify({ ...result, digest: `sha256:${"ab".repeat(32)}` });
  const [how, broken] = random.pick([
    ["cut short", text.slice(0, random.int(0, text.length - 2))],
    ["of another attempt", JSON.stringify({ ...result, epoch: result.epoch + 1 })],
    ...(result.digest === null ? [] : [["of another digest", another] as const]),
  ] as const);
  own.s3.write(BUCKET, key, broken);
  chaos.struck("result-broken", `${key} is ${how}`);
}

/** Of the request itself: Auto Scaling refuses more than the group's maximum, and that is no merit of whoever asks. */
function checkCapacity({ checks }: Sim, process: SimProcess, { service, body, name }: CallTarget): void {
  if (service !== "autoscaling") return;
  for (const member of CAPACITIES) {
    const asked = formValue(body, member);
    if (asked === null) continue;
    checks.expect("S18", Number(asked) <= 1, () => `${process.name} asks for ${member} ${asked} by ${name}`);
  }
}

interface Termination {
  readonly process: SimProcess;
  readonly instance: string;
  readonly sentAt: number;
}

/** Nobody ends an instance whose lease had not expired when the one who ends it could last look. */
function checkTermination(
  sim: Sim,
  writes: ReadonlyMap<string, readonly number[]>,
  { process, instance, sentAt }: Termination,
): void {
  sim.tell(`${process.name} terminates ${instance}`);
  sim.wake();
  const deployment = workOf(sim, instance);
  if (process.kind === "runner") {
    const own = process.name.endsWith(instance.slice(-6));
    sim.checks.expect("S6", own, () => `${process.name} terminates ${instance}, which is not its own`);
    return;
  }
  if (deployment === null) return;
  const times = writes.get(deployment) ?? [];
  const fresh = !wasExpired(times, sentAt - TICK_MS, sim.scheduler.now());
  sim.checks.expect(
    "S6",
    !fresh,
    () => `${process.name} terminates ${instance}, whose lease for ${deployment} has not expired`,
  );
}

/** Whether the lease was older than it may be at any moment between those two. */
function wasExpired(times: readonly number[], from: number, to: number): boolean {
  return times.some((at, index) => {
    const until = Math.min(times[index + 1] ?? to, to);
    return until >= from && until - at >= LEASE_SECONDS * 1000 - 2_000;
  });
}

/** The deployment that the instance holds the claim of and has not ended; null: none. */
function workOf(sim: Sim, instance: string): string | null {
  const tags = sim.own
    .ec2(REGION)
    .instances()
    .find((one) => one.instanceId === instance)?.allTags;
  const deployment = tags?.["windlass:deployment"];
  if (deployment === undefined) return null;
  const claim = readRecord<Claim>(sim, `runs/${deployment}/claim.json`);
  const ended = sim.own.s3.read(BUCKET, `runs/${deployment}/result.json`) !== null;
  return claim?.instance === instance && !ended ? deployment : null;
}

function afterCapacity(sim: Sim, weather: Weather, process: SimProcess, desired: number): void {
  const group = sim.own.autoScaling(REGION).group(DEPLOY_GROUP);
  sim.tell(`${process.name} sets the deploy group to ${desired}`);
  sim.wake();
  if (desired > 0) {
    weather.onLaunch();
    return;
  }
  for (const { id, protectedFromScaleIn } of group?.instances ?? []) {
    const work = protectedFromScaleIn ? null : workOf(sim, id);
    const alive = work !== null && !sim.truth.harmed.has(id) && sim.truth.applies.get(work)?.end === "running";
    sim.checks.expect(
      "S6",
      !alive,
      () => `${process.name} sets the group to 0 under ${id}, which applies ${work} without protection`,
    );
  }
}
