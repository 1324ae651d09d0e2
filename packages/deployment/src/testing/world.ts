/** A model of one area for tests: what a tick would read, and what its actions do. The runner's part is played by hand. */
import type { AccountMapping } from "@windlass/account-mapping";
import type { AreaControl, Control, ImageControl } from "../control.ts";
import { type DeploymentId, type ImageDigest, type Instant, toInstant } from "../identifiers.ts";
import type { Deployment, Ledger } from "../ledger.ts";
import { emptyLedger, parseLedger, serializeLedger } from "../ledger-file.ts";
import type {
  ControlsReading,
  GroupReading,
  HeadReading,
  InstanceReading,
  LaunchFailure,
  ListedControl,
  Observation,
  RecordReading,
  RefreshReading,
  RefreshStatus,
  RunReading,
  Unreadable,
} from "../observation.ts";
import type { Action, Effect, Plan } from "../plan.ts";
import { planReads } from "../plan-reads.ts";
import { planTick } from "../plan-tick.ts";
import { recordEffects } from "../record-effects.ts";
import { inProgress } from "../refresh-status.ts";
import type { Assignment, Claim, Lease, Phase, Result } from "../run-records.ts";
import { AREA, sliceOf } from "./slices.ts";

export const SCOPE = { workload: "dataGov", area: AREA, account: "222222222222" };
const UNREADABLE: Unreadable = { kind: "unreadable", code: "access-denied", message: "access denied" };

interface Run {
  readonly assignment: Assignment | null;
  claim: { value: Claim; at: number } | null;
  lease: { value: Lease; at: number } | null;
  result: Result | null;
  invalid: Partial<Record<"claim" | "lease" | "result", string>>;
}

interface Instance {
  readonly id: string;
  lifecycle: string;
  readonly protectedFromScaleIn: boolean;
}

type Part = "group" | "controls" | "runs" | "ec2" | "refreshes" | "groups";

/** A digest that is easy to tell from others: `digest("a")`. */
export function digest(letter: string): ImageDigest {
  const hex = Buffer.from(letter).toString("hex").slice(-2);
  return `sha256:${hex.repeat(32)}` as ImageDigest;
}

export function headOf(letter: string): HeadReading {
  return { kind: "head", head: { digest: digest(letter), commit: `commit-${letter}`, pushedAt: null } };
}

export class World {
  now: number;
  slice: AccountMapping;
  ledger: Ledger;
  readonly heads: Record<string, HeadReading> = {};
  readonly group = {
    desired: 0,
    instances: [] as Instance[],
    suspendedProcesses: [] as string[],
    tag: null as string | null,
  };
  readonly runs = new Map<DeploymentId, Run>();
  readonly ec2 = new Map<string, InstanceReading>();
  readonly refreshes = new Map<string, RefreshStatus[]>();
  /** What each group tells its instances to run, by image. */
  readonly imageTags = new Map<string, Record<string, string>>();
  readonly groupsOf: Record<string, readonly string[]> = {};
  readonly history = new Map<DeploymentId, Deployment>();
  controls: ListedControl[] = [];
  launchFailures: LaunchFailure[] = [];
  /** Reads that fail until they are taken out again. */
  readonly unreadable = new Set<Part>();
  /** Actions that are committed but never performed: the tick dies before them. */
  readonly crashBefore = new Set<Action["kind"]>();
  /** Effects that get lost: the tick dies after the action. */
  loseEffects = false;
  /** What the last tick saw. */
  seen: Observation | null = null;
  /** What else belongs into a plan's commit. */
  amend: (ledger: Ledger) => Ledger = (ledger) => ledger;
  #instances = 0;
  #refreshes = 0;
  #controls = 0;

  constructor(slice: AccountMapping = sliceOf(), at = "2026-11-24T00:00:00.000Z") {
    this.now = Date.parse(at);
    this.slice = slice;
    this.ledger = emptyLedger(SCOPE, new Date(this.now));
    for (const [name, image] of Object.entries(slice.images)) {
      if (image.kind === "instance-refresh") this.groupsOf[name] = [`${name}-asg`];
      this.heads[name] = { kind: "absent", missing: "tag" };
    }
  }

  push(image: string, letter: string): this {
    this.heads[image] = headOf(letter);
    return this;
  }

  pass(minutes: number): this {
    this.now += minutes * 60_000;
    return this;
  }

  /** One tick, a minute after the last. */
  tick(): Plan {
    this.pass(1);
    this.seen = this.observe();
    const plan = planTick(this.ledger, this.seen, this.slice, new Date(this.now));
    this.ledger = parseLedger(serializeLedger(this.amend(plan.ledger)), SCOPE);
    const effects = plan.actions.flatMap((action) => (this.crashBefore.has(action.kind) ? [] : this.perform(action)));
    if (!this.loseEffects) this.ledger = recordEffects(this.ledger, effects, new Date(this.now));
    return plan;
  }

  ticks(count: number): readonly Plan[] {
    return Array.from({ length: count }, () => this.tick());
  }

  /** What a tick would decide now; changes nothing. */
  plan(): Plan {
    return planTick(this.ledger, this.observe(), this.slice, new Date(this.now));
  }

  observe(): Observation {
    const heads = { ...this.heads };
    const group = this.readGroup();
    const now = new Date(this.now);
    const reads = planReads({ ledger: this.ledger, slice: this.slice, heads, group, now });
    const groups = reads.groupsOf.map((image) => [
      image,
      this.unreadable.has("groups") ? UNREADABLE : { kind: "groups" as const, names: this.groupsOf[image] ?? [] },
    ]);
    const named = [...reads.refreshesOf, ...reads.groupsOf.flatMap((image) => this.groupsOf[image] ?? [])];
    return {
      heads,
      group,
      controls: this.readControls(),
      runs: Object.fromEntries(reads.runs.map((id) => [id, this.readRun(id)])),
      instances: Object.fromEntries(reads.instances.map((id) => [id, this.readInstance(id)])),
      launchFailures: reads.launchFailuresSince === null ? [] : this.launchFailures,
      groups: Object.fromEntries(groups),
      refreshes: Object.fromEntries(named.map((name) => [name, this.readRefreshes(name)])),
    };
  }

  readGroup(): GroupReading {
    if (this.unreadable.has("group")) return UNREADABLE;
    const { desired, instances, suspendedProcesses, tag } = this.group;
    return {
      kind: "group",
      desired,
      instances: structuredClone(instances),
      suspendedProcesses: [...suspendedProcesses],
      deploymentTag: tag,
    };
  }

  readControls(): ControlsReading {
    return this.unreadable.has("controls") ? UNREADABLE : { kind: "controls", controls: [...this.controls] };
  }

  private readRun(id: DeploymentId): RunReading {
    if (this.unreadable.has("runs")) return UNREADABLE;
    const run = this.runs.get(id);
    return {
      kind: "run",
      claim: this.readRecord(run?.invalid.claim, run?.claim),
      lease: this.readRecord(run?.invalid.lease, run?.lease),
      result: this.readRecord(run?.invalid.result, run?.result == null ? null : { value: run.result, at: this.now }),
    };
  }

  private readRecord<T>(
    problem: string | undefined,
    record: { value: T; at: number } | null | undefined,
  ): RecordReading<T> {
    if (problem !== undefined)
      return { kind: "invalid", problem, ageSeconds: (this.now - (record?.at ?? this.now)) / 1000 };
    if (record == null) return { kind: "absent" };
    return { kind: "present", value: record.value, ageSeconds: (this.now - record.at) / 1000 };
  }

  private readInstance(id: string): InstanceReading {
    return this.unreadable.has("ec2") ? UNREADABLE : (this.ec2.get(id) ?? { kind: "not-found" });
  }

  private readRefreshes(name: string): RefreshReading {
    if (this.unreadable.has("refreshes")) return UNREADABLE;
    const refreshes = [...(this.refreshes.get(name) ?? [])];
    const going = inProgress(refreshes) !== null;
    return { kind: "refreshes", refreshes, imageTags: going ? null : { ...this.imageTags.get(name) } };
  }

  private perform(action: Action): readonly Effect[] {
    switch (action.kind) {
      case "launch":
        return this.launch(action.assignment);
      case "close-claim": {
        const run = this.runs.get(action.deployment);
        const value = this.claimBy(action.deployment, action.epoch, null);
        if (run !== undefined && run.claim === null) run.claim = { value, at: this.now };
        if (run === undefined) this.runs.set(action.deployment, { ...newRun(null), claim: { value, at: this.now } });
        return [];
      }
      case "retire":
        this.group.desired = 0;
        this.group.instances = this.group.instances.filter(({ id, protectedFromScaleIn }) => {
          if (!protectedFromScaleIn) this.ec2.set(id, { kind: "state", state: "terminated" });
          return protectedFromScaleIn;
        });
        return [];
      case "terminate":
        this.kill(action.instance, action.decrement);
        return [];
      case "request-cancel":
        return [];
      case "start-refresh":
        return this.startRefresh(action);
      case "cancel-refresh":
        if (this.refreshes.get(action.group)?.[0]?.id === action.refreshId) this.setRefresh(action.group, "Cancelled");
        return [];
      case "append-history":
        if (!this.history.has(action.deployment.id)) this.history.set(action.deployment.id, action.deployment);
        return [{ kind: "history-appended", deployment: action.deployment.id }];
      case "delete-control":
        this.controls = this.controls.filter(({ key }) => key !== action.key);
        return [];
    }
  }

  private launch(assignment: Assignment): readonly Effect[] {
    if (!this.runs.has(assignment.deployment)) this.runs.set(assignment.deployment, newRun(assignment));
    if (this.group.instances.length > 0) return [];
    this.group.tag = assignment.deployment;
    this.group.desired = 1;
    return [];
  }

  private startRefresh(action: Extract<Action, { kind: "start-refresh" }>): readonly Effect[] {
    const { deployment, group } = action;
    this.tagGroup(group, action.image, action.digest);
    this.#refreshes += 1;
    const refreshId = `refresh-${this.#refreshes}`;
    this.refreshes.set(group, [
      { id: refreshId, status: "InProgress", percentage: 0, reason: null },
      ...(this.refreshes.get(group) ?? []),
    ]);
    return [{ kind: "refresh-started", deployment, group, refreshId }];
  }

  tagGroup(group: string, image: string, value: string): void {
    this.imageTags.set(group, { ...this.imageTags.get(group), [image]: value });
  }

  /** Changes the newest refresh of the group. */
  setRefresh(group: string, status: string, percentage: number | null = null, reason: string | null = null): void {
    const [newest, ...older] = this.refreshes.get(group) ?? [];
    if (newest !== undefined) this.refreshes.set(group, [{ ...newest, status, percentage, reason }, ...older]);
  }

  /** An instance boots in the deploy group. */
  boot(protectedFromScaleIn = false): string {
    this.#instances += 1;
    const id = `i-${this.#instances}`;
    this.group.instances.push({ id, lifecycle: "InService", protectedFromScaleIn });
    this.ec2.set(id, { kind: "state", state: "running" });
    return id;
  }

  /** The runner on the instance claims the deployment, if it is free. */
  claim(id: DeploymentId, instance: string): boolean {
    const run = this.runs.get(id);
    const deployment = this.ledger.deployments[id];
    if (run === undefined || run.claim !== null) return false;
    const value = this.claimBy(id, run.assignment?.epoch ?? deployment?.epoch ?? 1, instance);
    run.claim = { value, at: this.now };
    this.group.instances = this.group.instances.map((one) =>
      one.id === instance ? { ...one, protectedFromScaleIn: true } : one,
    );
    return true;
  }

  private claimBy(deployment: DeploymentId, epoch: number, instance: string | null): Claim {
    const fields = { schema: 1 as const, deployment, epoch, nonce: `nonce-${instance}`, at: this.instant() };
    return instance === null ? { ...fields, holder: "lambda", instance } : { ...fields, holder: "runner", instance };
  }

  lease(id: DeploymentId, phase: Phase, progress: string | null = null): void {
    const run = this.runs.get(id);
    const claim = run?.claim?.value;
    if (run === undefined || claim == null || claim.instance === null) throw new Error(`nobody claimed ${id}`);
    const value: Lease = {
      schema: 1,
      deployment: id,
      epoch: claim.epoch,
      instance: claim.instance,
      nonce: claim.nonce,
      phase,
      progress,
      at: this.instant(),
    };
    run.lease = { value, at: this.now };
  }

  finish(id: DeploymentId, change: Partial<Result> = {}): void {
    const run = this.runs.get(id);
    const claim = run?.claim?.value;
    const digestRun = run?.assignment?.digest ?? null;
    if (run === undefined || claim == null || claim.instance === null) throw new Error(`nobody claimed ${id}`);
    run.result = {
      schema: 1,
      deployment: id,
      epoch: claim.epoch,
      instance: claim.instance,
      nonce: claim.nonce,
      outcome: "succeeded",
      exitCode: 0,
      digest: digestRun,
      plan: { add: 1, change: 0, destroy: 0 },
      failure: null,
      steps: [],
      brokenLock: null,
      notes: [],
      startedAt: this.instant(),
      endedAt: this.instant(),
      ...change,
    };
    this.kill(claim.instance);
  }

  /** The instance goes. */
  kill(instance: string, decrement = true): void {
    this.group.instances = this.group.instances.filter(({ id }) => id !== instance);
    if (decrement) this.group.desired = Math.max(0, this.group.desired - 1);
    this.ec2.set(instance, { kind: "state", state: "terminated" });
  }

  /** The whole of a successful (or other) run of the active Terraform deployment; returns its id. */
  run(change: Partial<Result> = {}, phase: Phase = "applying"): DeploymentId {
    const { id } = this.started();
    this.claim(id, this.boot());
    this.tick();
    this.lease(id, phase);
    this.finish(id, change);
    this.tick();
    return id;
  }

  started(): Deployment {
    const found = Object.values(this.ledger.deployments).find(
      ({ state }) => state === "launching" || state === "running",
    );
    if (found === undefined) throw new Error("no deployment has been started");
    return found;
  }

  control(fields: Partial<ImageControl> & Pick<ImageControl, "kind" | "image">): string {
    this.#controls += 1;
    const id = `c-${this.#controls}`;
    const value = {
      schema: 1,
      id,
      by: "ann",
      reason: "because",
      at: this.instant(),
      ...(fields.kind === "hold" ? { digest: null, commit: null } : {}),
      ...(["cancel", "retry", "unblock"].includes(fields.kind) ? { deployment: null } : {}),
      ...fields,
    } as ImageControl;
    this.ask(value);
    return id;
  }

  /** Pauses or resumes the area. */
  controlArea(kind: AreaControl["kind"], reason = "because"): string {
    this.#controls += 1;
    const id = `c-${this.#controls}`;
    this.ask({ schema: 1, kind, id, by: "ann", reason, at: this.instant() });
    return id;
  }

  private ask(value: Control): void {
    this.controls.push({ key: `controls/${value.at}-${value.id}.json`, control: { kind: "control", value } });
  }

  instant(): Instant {
    return toInstant(new Date(this.now));
  }
}

function newRun(assignment: Assignment | null): Run {
  return { assignment, claim: null, lease: null, result: null, invalid: {} };
}
