/** GitHub and SNS as far as the reports of one area reach, for tests of what is planned and recorded. */
import type { Plan } from "../plan.ts";
import { planReports, type ReportPlan } from "../plan-reports.ts";
import { type DeliveredTask, type NewTrouble, type PlaceResult, recordDeliveries } from "../record-deliveries.ts";
import type { Sinks } from "../report-input.ts";
import type { PlaceName } from "../report-places.ts";
import type { ReportTask } from "../report-task.ts";
import type { World } from "./world.ts";

export const DOWN: NewTrouble = { code: "unreachable", message: "no answer", permanent: false, retryAfter: null };
export const ARCHIVED: NewTrouble = { code: "archived", message: "read only", permanent: true, retryAfter: null };

/** What happens to a call: nothing, refused, done but the reply is lost, or the tick dies right after it. */
export type Mishap = "none" | "refused" | "reply-lost" | "dies";

interface Made {
  readonly id: number;
  readonly of: string;
  shown: string;
}

interface Issue {
  readonly number: number;
  readonly image: string;
  open: boolean;
  readonly mentions: string[];
}

class TickDied extends Error {}

export class ReportWorld {
  readonly checks: Made[] = [];
  readonly deployments: Made[] = [];
  readonly issues: Issue[] = [];
  readonly messages: { readonly of: string; readonly stage: string }[] = [];
  sinks: Sinks = { github: true, topics: true };
  /** Asked for every call. */
  mishap: (place: PlaceName, task: ReportTask) => Mishap = () => "none";
  /** GitHub as a whole does not answer. */
  down: NewTrouble | null = null;
  /** What a refusal says. */
  refusal: NewTrouble = ARCHIVED;
  /** Writes that were made, by time. */
  readonly writes: number[] = [];
  #ids = 0;
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** One tick of the area, and its delivery. */
  tick(): { readonly plan: Plan; readonly reports: ReportPlan } {
    let reports: ReportPlan | undefined;
    this.world.amend = (ledger) => {
      reports = this.planReports(ledger);
      return reports.ledger;
    };
    const plan = this.world.tick();
    if (reports === undefined) throw new Error("the tick planned no reports");
    this.outlive(reports);
    return { plan, reports };
  }

  ticks(count: number): void {
    for (let tick = 0; tick < count; tick += 1) this.tick();
  }

  planReports(ledger = this.world.ledger): ReportPlan {
    const { slice, now } = this.world;
    return planReports(ledger, { slice, sinks: this.sinks, now: new Date(now) });
  }

  private outlive(planned: ReportPlan): void {
    try {
      this.deliver(planned);
    } catch (error) {
      if (!(error instanceof TickDied)) throw error;
    }
  }

  private deliver({ tasks, until, writes }: ReportPlan): void {
    if (until === null) return;
    const before = this.writes.length;
    const delivered = tasks.map((task) => this.deliverTask(task, before + writes));
    const now = new Date(this.world.now);
    const pause = tasks.some(({ places }) => places.check ?? places.deployment ?? places.issue) ? this.down : null;
    const unusedWrites = writes - (this.writes.length - before);
    const round = { until, unusedWrites, delivered, pause };
    this.world.ledger = recordDeliveries(this.world.ledger, round, { sinks: this.sinks, now });
  }

  private deliverTask(task: ReportTask, limit: number): DeliveredTask {
    const { check, deployment, issue, topic } = task.places;
    const results: Partial<Record<PlaceName, PlaceResult>> = {};
    if (deployment !== null) {
      results.deployment = this.show("deployment", task, { list: this.deployments, place: deployment, limit });
    }
    if (issue !== null) results.issue = this.showIssue(task, limit);
    if (check !== null) results.check = this.show("check", task, { list: this.checks, place: check, limit });
    if (topic !== null) results.topic = this.publish(task);
    return { task, sha: results.deployment?.kind === "shown" ? "f".repeat(40) : null, results };
  }

  private show(
    name: "check" | "deployment",
    task: ReportTask,
    { list, place, limit }: { list: Made[]; place: { id: number | null; mayExist: boolean }; limit: number },
  ): PlaceResult {
    const find = () => list.find(({ id, of }) => id === place.id || (place.mayExist && of === task.deployment));
    return this.call(name, task, limit, () => {
      const made = find() ?? { id: this.nextId(), of: task.deployment, shown: "" };
      if (!list.includes(made)) list.push(made);
      made.shown = task.stage;
      return made.id;
    });
  }

  private showIssue(task: ReportTask, limit: number): PlaceResult {
    const wanted = task.places.issue!;
    const known = this.issues.find(({ number, image, open }) =>
      wanted.id === null ? image === task.image && open : number === wanted.id,
    );
    if (known === undefined && wanted.want === "closed") return { kind: "shown", id: null };
    return this.call("issue", task, limit, () => {
      const issue = known ?? { number: this.nextId(), image: task.image, open: true, mentions: [] };
      if (!this.issues.includes(issue)) this.issues.push(issue);
      if (!(wanted.mayExist && issue.mentions.includes(task.deployment))) issue.mentions.push(task.deployment);
      issue.open = wanted.want === "open";
      return issue.number;
    });
  }

  private publish(task: ReportTask): PlaceResult {
    const mishap = this.mishap("topic", task);
    if (mishap !== "refused") this.messages.push({ of: task.deployment, stage: task.stage });
    if (mishap === "dies") throw new TickDied();
    return mishap === "none" ? { kind: "shown", id: null } : { kind: "failed", id: null, trouble: DOWN };
  }

  private call(name: PlaceName, task: ReportTask, limit: number, effect: () => number): PlaceResult {
    if (this.down !== null || this.writes.length >= limit) return { kind: "unreached" };
    const mishap = this.mishap(name, task);
    this.writes.push(this.world.now);
    if (mishap === "refused") return { kind: "failed", id: null, trouble: this.refusal };
    const id = effect();
    if (mishap === "dies") throw new TickDied();
    return mishap === "none" ? { kind: "shown", id } : { kind: "failed", id: null, trouble: DOWN };
  }

  private nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }
}
