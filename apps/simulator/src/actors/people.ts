import type { Ledger } from "@windlass/deployment";
import type { Sim } from "../core/sim.ts";
import { readRecord } from "../world/bucket.ts";
import { BUCKET } from "../world/names.ts";
import type { ControlTruth } from "../world/truth.ts";
import { stateText } from "./terraform-steps.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** The share of requests that are about the whole area. */
const AREA_SHARE = 0.2;

type AreaKind = "pause" | "resume";
type ImageKind = Exclude<ControlTruth["kind"], AreaKind>;

interface Request {
  readonly kind: ControlTruth["kind"];
  /** Empty where it is about the whole area. */
  readonly image: string;
  readonly digest: string | null;
}

/** What people ask for: some of it without need, and what the system waits for. */
export interface People {
  ask(kind: ImageKind, image: string, digest?: string | null): void;
  /** About the whole area. */
  askArea(kind: AreaKind): void;
  /** Looks after everything that waits for a person, now. */
  lookAfter(): void;
}

/** What nobody can read stays until somebody removes it. */
const BROKEN_CONTROLS = "controls/broken-";

export function createPeople(sim: Sim): People {
  let asked = 0;

  function place({ kind, image, digest }: Request): void {
    asked += 1;
    const { scheduler, own, truth } = sim;
    const at = new Date(scheduler.now()).toISOString();
    const id = `c${asked}-${sim.random.hex(6)}`;
    const about = image === "" ? {} : { image };
    const more = kind === "hold" ? { digest } : kind === "cancel" ? { deployment: null } : {};
    const text = JSON.stringify({ schema: 1, id, kind, by: "kim", reason: "a simulation", at, ...about, ...more });
    const key = `controls/${at.replaceAll(/[-:.]/g, "").toLowerCase()}-${id}.json`;
    if (kind === "unblock" || kind === "retry") bringStateBack(sim, image);
    own.s3.write(BUCKET, key, text);
    const control: ControlTruth = { id, key, kind, image, digest, placedAt: scheduler.now(), appliedAt: null };
    truth.controls.push(control);
    sim.tell(`somebody asks for ${kind} of ${image === "" ? "the area" : image} (${id})`);
    sim.wake();
    if (sim.chaos.draws("control-twice")) {
      scheduler.schedule(sim.random.between(1, 600) * MINUTE, () => {
        own.s3.write(BUCKET, key, text);
        const what = `the control ${id} is written once more`;
        if (control.appliedAt === null) sim.tell(what);
        else sim.chaos.struck("control-twice", what);
        sim.wake();
      });
    }
  }

  const ask = (kind: ImageKind, image: string, digest: string | null = null) => place({ kind, image, digest });
  const askArea = (kind: AreaKind) => place({ kind, image: "", digest: null });
  return {
    ask,
    askArea,
    lookAfter() {
      const ledger = readRecord<Ledger>(sim, "ledger.json");
      for (const key of sim.own.s3.keys(BUCKET, BROKEN_CONTROLS)) sim.own.s3.remove(BUCKET, key);
      if (ledger !== null && ledger.pause !== null) askArea("resume");
      for (const [image, record] of Object.entries(ledger?.images ?? {})) {
        if (record.hold !== null) ask("unhold", image);
        if (record.block !== null) ask("unblock", image);
        else if (record.attempts !== null && record.attempts.digest === record.head?.digest) ask("retry", image);
      }
    },
  };
}

/** Whoever unblocks or retries has looked: the state that was kept aside is where it belongs, and mostly no lock is left. */
export function bringStateBack(sim: Sim, image: string): void {
  const { own, truth } = sim;
  const plan = truth.plans.get(image);
  const state = truth.states.get(image);
  const inUse = [...truth.live].some((apply) => apply.image === image);
  // Not everybody thinks of the lock; once the faults have ended, people do.
  if (state?.lock != null && !inUse && (sim.chaos.ended() || sim.random.chance(0.5))) {
    sim.tell(`somebody breaks the lock that ${state.lock.holder} has left`);
    state.lock = null;
  }
  // Where an apply has begun, or may have, there has to be one, if only one that says that there is nothing.
  const disturbed = readRecord<Ledger>(sim, "ledger.json")?.images[image]?.disturbed != null;
  const begun = disturbed || [...truth.applies.values()].some((apply) => apply.image === image);
  if (plan?.state !== "store" || state === undefined || !begun) return;
  own.s3.write(BUCKET, `state/${image}/store/terraform.tfstate`, stateText(state.serial));
}

export function startPeople(sim: Sim, people: People, untilMs: number): void {
  const { scheduler, random, scenario, chaos, own } = sim;
  const now = scheduler.now();
  for (let left = scenario.controls; left > 0; left -= 1) {
    scheduler.schedule(random.between(0, untilMs - now), () => askAtRandom(sim, people));
  }
  // Somebody looks now and then at what waits for a person.
  const look = (): void => {
    people.lookAfter();
    scheduler.schedule(random.between(8, 30) * HOUR, look);
  };
  scheduler.schedule(random.between(8, 30) * HOUR, look);
  if (chaos.has("control-broken")) for (let left = 1 + Math.floor(scenario.days / 5); left > 0; left -= 1) breakOne();

  function breakOne(): void {
    scheduler.schedule(random.between(0, untilMs - now), () => {
      if (!chaos.draws("control-broken")) return;
      const [key, text] = [
        `${BROKEN_CONTROLS}${random.hex(4)}.json`,
        random.pick(["", "{", '{"kind":"hold"}', "null"]),
      ];
      own.s3.write(BUCKET, key, text);
      chaos.struck("control-broken", `${key} is ${JSON.stringify(text)}`);
      sim.wake();
    });
  }
}

/** Whoever pauses an area has something to do there, and resumes it; now and then somebody resumes what goes on anyway. */
function pauseForAWhile({ random, scheduler }: Sim, people: People): void {
  if (random.chance(0.8)) people.askArea("pause");
  scheduler.schedule(random.between(2, 600) * MINUTE, () => people.askArea("resume"));
}

function askAtRandom(sim: Sim, people: People): void {
  const { random, scenario, truth } = sim;
  if (random.chance(AREA_SHARE)) {
    pauseForAWhile(sim, people);
    return;
  }
  const image = random.pick(scenario.images).name;
  const kind = random.pick<ImageKind>([
    "hold",
    "unhold",
    "retry",
    "unblock",
    "cancel",
    "cancel",
    "deploy-now",
    "deploy-now",
  ]);
  const digests = [...truth.builds.values()].filter((build) => build.image === image).map(({ digest }) => digest);
  const digest = kind === "hold" && digests.length > 0 && random.chance(0.5) ? random.pick(digests) : null;
  people.ask(kind, image, digest);
}
