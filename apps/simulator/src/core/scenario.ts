import { drawRates, type FaultRates } from "./chaos.ts";
import { createRandom, type Random } from "./random.ts";

/** All that one run is made from: plain data, so that it can be kept, changed and run again. */
export interface Scenario {
  readonly seed: number;
  readonly mode: "safety" | "liveness";
  readonly startMs: number;
  readonly days: number;
  /** Faults end with the days, or after so many calls: a failure that goes on and on shows nothing new. */
  readonly calls: number;
  readonly images: readonly ImagePlan[];
  readonly window: { readonly timezone: string; readonly days: string; readonly hours: string };
  readonly freezes: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  readonly rates: FaultRates;
  readonly github: boolean;
  /** Releases of all images together. */
  readonly releases: number;
  /** The share of builds whose apply takes minutes instead of seconds. */
  readonly slow: number;
  /** The share of later releases that come within an hour of their day, as many do before a day's end. */
  readonly rush: number;
  /** How many requests people make without need. */
  readonly controls: number;
}

export interface ImagePlan {
  readonly name: string;
  readonly kind: "terraform" | "instance-refresh";
  readonly after: readonly string[];
  readonly retries: number;
  readonly timeoutMinutes: number;
  readonly state: "managed" | "image" | "store";
  readonly entrypoint: boolean;
  /** The share of its builds that Terraform, or the group, refuses. */
  readonly bad: number;
}

const DAY_MS = 86_400_000;

/** Zones with the weeks in which their clocks change; those of 2027 stand for all years. */
const ZONES: readonly { readonly zone: string; readonly changes: readonly string[] }[] = [
  { zone: "Australia/Sydney", changes: ["2027-04-04", "2027-10-03"] },
  { zone: "Australia/Lord_Howe", changes: ["2027-04-04", "2027-10-03"] },
  { zone: "Europe/Stockholm", changes: ["2027-03-28", "2027-10-31"] },
  { zone: "America/New_York", changes: ["2027-03-14", "2027-11-07"] },
  { zone: "America/Sao_Paulo", changes: ["2027-06-01"] },
  { zone: "Asia/Kathmandu", changes: ["2027-02-28"] },
  { zone: "UTC", changes: ["2026-12-31"] },
];

const WINDOWS = [
  { days: "MON-FRI", hours: "09:00-17:00" },
  { days: "MON-FRI", hours: "09:00-17:00" },
  { days: "MON-SUN", hours: "00:00-24:00" },
  { days: "MON-SUN", hours: "01:30-03:30" },
  { days: "FRI-MON", hours: "22:00-06:00" },
  { days: "MON,WED,SUN", hours: "00:30-12:00" },
];

/**
 * `short`: half a day to two, for many seeds in little time; `probe`: somewhat more, for one flaw that is looked for; `long`:
 * weeks, months, or up to 60 images.
 */
export type ScenarioSize = "short" | "probe" | "long";

/** The scenario that a seed stands for. */
export function drawScenario(seed: number, size: ScenarioSize = "short"): Scenario {
  const random = createRandom(seed).fork("scenario");
  const { zone, changes } = random.pick(ZONES);
  const nearChange = Date.parse(`${random.pick(changes)}T00:00:00Z`) - random.between(0.2, 4) * DAY_MS;
  const startMs = Math.floor((nearChange + (random.chance(0.3) ? random.between(20, 200) * DAY_MS : 0)) / 1000) * 1000;
  const { days, calls, count, terraform, releases, rush, controls } = random.pick(SHAPES[size])(random);
  const images = drawImages(random, count, terraform);
  return {
    seed,
    mode: random.chance(0.5) ? "safety" : "liveness",
    startMs,
    days,
    calls,
    images,
    window: { timezone: zone, ...random.pick(WINDOWS) },
    freezes: drawFreezes(random, startMs, days),
    rates: drawRates(random, size === "long" ? 4 : 1),
    github: random.chance(0.5),
    releases: count + Math.round(releases),
    slow: 0.07,
    rush,
    controls,
  };
}

/** How much there is of everything. */
interface Shape extends Pick<Scenario, "days" | "calls" | "rush" | "controls"> {
  /** Images. */
  readonly count: number;
  /** The share of them that Terraform applies. */
  readonly terraform: number;
  /** After each image's first. */
  readonly releases: number;
}

function briefShape(random: Random): Shape {
  return {
    days: random.pick([0.5, 0.5, 1, 2]),
    calls: 600,
    count: random.pick([1, 1, 2, 2, 3]),
    terraform: 0.7,
    releases: random.int(0, 2),
    rush: 0,
    controls: random.pick([0, 0, 1, 2, 5]),
  };
}

function probeShape(random: Random): Shape {
  return {
    days: random.pick([1, 1, 2, 3]),
    calls: 4_000,
    count: random.pick([1, 1, 2, 2, 3, 4]),
    terraform: 0.7,
    releases: random.int(0, 3),
    rush: 0,
    controls: random.pick([0, 0, 1, 2, 5]),
  };
}

const LONGEST_CALLS = 200_000;

/** Months, in which little happens. */
function quietShape(random: Random): Shape {
  const days = random.int(60, 240);
  const [count, rush] = [random.int(1, 4), 0];
  const releases = days * random.pick([0.05, 0.2, 0.4]);
  return { days, calls: LONGEST_CALLS, count, terraform: 0.7, releases, rush, controls: random.pick([0, 4, 12]) };
}

/** Weeks, in which much happens. */
function busyShape(random: Random): Shape {
  const days = random.pick([7, 14, 21]);
  const count = random.pick([1, 2, 3, 5, 8]);
  const [releases, rush] = [days * random.pick([12, 24, 45]), random.pick([0, 0.6, 1])];
  const terraform = random.pick([0.3, 0.7]);
  return { days, calls: LONGEST_CALLS, count, terraform, releases, rush, controls: random.pick([0, 2, 12, 30]) };
}

/** Many images, most of them applications', which are released together. */
function largeShape(random: Random): Shape {
  const days = random.pick([3, 7, 14]);
  const count = random.pick([9, 15, 24, 40, 60]);
  const releases = days * count * random.pick([0.3, 0.7, 1]);
  const rush = random.pick([0.8, 1, 1]);
  return { days, calls: LONGEST_CALLS, count, terraform: 0.15, releases, rush, controls: random.pick([0, 6, 30]) };
}

const SHAPES: Readonly<Record<ScenarioSize, readonly ((random: Random) => Shape)[]>> = {
  short: [briefShape],
  probe: [probeShape],
  // A large area costs ten times as much for each deployment, since each tick reads every head.
  long: [...times(3, quietShape), ...times(12, busyShape), largeShape],
};

function times<T>(count: number, one: T): readonly T[] {
  return Array.from({ length: count }, () => one);
}

function drawImages(random: Random, count: number, terraform: number): readonly ImagePlan[] {
  const linked = random.pick([0, 0.3, 0.7]);
  return Array.from({ length: count }, (_, index): ImagePlan => {
    const kind = random.chance(terraform) ? "terraform" : "instance-refresh";
    const entrypoint = random.chance(0.15);
    const earlier = Array.from({ length: index }, (_none, other) => `img-${other}`);
    return {
      name: `img-${index}`,
      kind,
      after: earlier.length > 0 && random.chance(linked) ? random.shuffle(earlier).slice(0, random.int(1, 2)) : [],
      retries: random.pick([0, 0, 1, 2]),
      timeoutMinutes: random.pick([10, 45, 60]),
      state: entrypoint
        ? random.pick(["image", "store"] as const)
        : random.pick(["managed", "managed", "image", "store"] as const),
      entrypoint,
      bad: random.pick([0, 0.1, 0.3]),
    };
  });
}

function drawFreezes(random: Random, startMs: number, days: number): Scenario["freezes"] {
  if (!random.chance(0.25) || days < 2) return [];
  const day = (offset: number) => new Date(startMs + offset * DAY_MS).toISOString().slice(0, 10);
  const from = random.int(0, days - 1);
  return [{ from: day(from), to: day(from + random.int(0, 1)), reason: "a freeze" }];
}

/** The area's slice of the account mapping, as it stands in the function's environment. */
export function sliceOf(
  scenario: Scenario,
  names: {
    readonly area: string;
    readonly account: string;
    readonly registry: string;
    readonly region: string;
    readonly organization: string;
  },
) {
  const images = scenario.images.map((image) => [image.name, imageEntry(image)] as const);
  return {
    version: 1,
    workload: "dataGov",
    registry: { account: names.registry, region: names.region },
    ...(scenario.github ? { github: { organization: names.organization } } : {}),
    areas: {
      [names.area]: {
        branch: "Develop",
        account: names.account,
        window: scenario.window,
        ...(scenario.freezes.length === 0 ? {} : { freezes: scenario.freezes }),
      },
    },
    images: Object.fromEntries(images),
  };
}

function imageEntry(image: ImagePlan): Readonly<Record<string, unknown>> {
  const common = {
    kind: image.kind,
    timeout: `${image.timeoutMinutes}m`,
    retries: image.retries,
    ...(image.after.length === 0 ? {} : { after: image.after }),
  };
  if (image.kind === "instance-refresh") return { ...common, groups: [groupOf(image.name)] };
  return { ...common, state: image.state, ...(image.entrypoint ? { entrypoint: ["apply-no-color"] } : {}) };
}

/** The Auto Scaling group of an application image. */
export function groupOf(image: string): string {
  return `${image}-asg`;
}
