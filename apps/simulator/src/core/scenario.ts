import { drawRates, type FaultRates } from "./chaos.ts";
import { createRandom, type Random } from "./random.ts";

/** All that one run is made from: plain data, so that it can be kept, changed and run again. */
export interface Scenario {
  readonly seed: number;
  readonly mode: "safety" | "liveness";
  readonly startMs: number;
  readonly days: number;
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

/** How many releases a day brings in a long scenario, besides each image's first. */
const RELEASES_A_DAY = [2, 5, 9, 15] as const;

/** `short`: a day or two, for many seeds in little time; `long`: up to a month with up to 60 images and busy days. */
export type ScenarioSize = "short" | "long";

/** The scenario that a seed stands for. */
export function drawScenario(seed: number, size: ScenarioSize = "short"): Scenario {
  const random = createRandom(seed).fork("scenario");
  const { zone, changes } = random.pick(ZONES);
  const nearChange = Date.parse(`${random.pick(changes)}T00:00:00Z`) - random.between(0.2, 4) * DAY_MS;
  const startMs = Math.floor((nearChange + (random.chance(0.3) ? random.between(20, 200) * DAY_MS : 0)) / 1000) * 1000;
  const long = size === "long";
  const days = random.pick(long ? [3, 7, 14, 21, 28] : [1, 1, 2, 3]);
  const images = drawImages(random, long ? drawCount(random) : random.pick([1, 1, 2, 2, 3, 4]));
  return {
    seed,
    mode: random.chance(0.5) ? "safety" : "liveness",
    startMs,
    days,
    images,
    window: { timezone: zone, ...random.pick(WINDOWS) },
    freezes: drawFreezes(random, startMs, days),
    rates: drawRates(random),
    github: random.chance(0.5),
    releases: images.length + (long ? days * random.pick(RELEASES_A_DAY) : random.int(0, 3)),
    slow: 0.07,
    rush: long ? random.pick([0, 0.6, 1]) : 0,
    controls: random.pick(long ? [0, 0, 2, 6, 12, 30] : [0, 0, 1, 2, 5]),
  };
}

function drawCount(random: Random): number {
  const draw = random.next();
  if (draw < 0.6) return random.int(1, 3);
  if (draw < 0.93) return random.int(4, 8);
  return draw < 0.985 ? random.int(9, 20) : random.int(21, 60);
}

function drawImages(random: Random, count: number): readonly ImagePlan[] {
  const linked = random.pick([0, 0.3, 0.7]);
  return Array.from({ length: count }, (_, index): ImagePlan => {
    const kind = random.chance(0.7) ? "terraform" : "instance-refresh";
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
