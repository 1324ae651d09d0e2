import type { FaultName } from "../core/faults.ts";
import type { Scenario } from "../core/scenario.ts";
import type { Answer } from "./job.ts";

/** Runs a scenario; null where nothing is violated in it. */
export type Attempt = (scenario: Scenario) => Promise<Answer | null>;

/** The smallest scenario that was found in which that invariant does not hold either. */
export async function minimize(failing: Answer, attempt: Attempt, tell: (line: string) => void): Promise<Answer> {
  const invariant = failing.result.violation?.invariant;
  let best = failing;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const candidate of smallerThan(best.scenario)) {
      const answer = await attempt(candidate.scenario);
      if (answer === null || answer.result.violation?.invariant !== invariant) continue;
      tell(`${candidate.what}: still ${invariant}, in ${answer.result.steps} steps`);
      best = answer;
      smaller = true;
      break;
    }
  }
  return best;
}

interface Candidate {
  readonly what: string;
  readonly scenario: Scenario;
}

/** The boldest cuts first. */
function smallerThan(scenario: Scenario): readonly Candidate[] {
  const faults = Object.keys(scenario.rates) as FaultName[];
  const half = faults.slice(0, Math.ceil(faults.length / 2));
  return [
    ...(scenario.images.length > 1
      ? scenario.images.map(({ name }) => ({ what: `without ${name}`, scenario: withoutImage(scenario, name) }))
      : []),
    ...(faults.length > 3
      ? [
          { what: "without half of the faults", scenario: withoutFaults(scenario, half) },
          {
            what: "without the other half",
            scenario: withoutFaults(
              scenario,
              faults.filter((name) => !half.includes(name)),
            ),
          },
        ]
      : []),
    ...faults.map((name) => ({ what: `without ${name}`, scenario: withoutFaults(scenario, [name]) })),
    ...(scenario.github ? [{ what: "without GitHub", scenario: { ...scenario, github: false } }] : []),
    ...(scenario.controls > 0 ? [{ what: "without controls", scenario: { ...scenario, controls: 0 } }] : []),
    ...fewerReleases(scenario).map((releases) => ({
      what: `with ${releases} releases`,
      scenario: { ...scenario, releases },
    })),
    ...(scenario.freezes.length > 0 ? [{ what: "without freezes", scenario: { ...scenario, freezes: [] } }] : []),
    ...(scenario.days > 1
      ? [{ what: "in half the time", scenario: { ...scenario, days: Math.ceil(scenario.days / 2) } }]
      : []),
  ];
}

/** Half of what is not each image's first, then one less. */
function fewerReleases({ releases, images }: Scenario): readonly number[] {
  const more = releases - images.length;
  return more <= 0 ? [] : [...(more > 2 ? [images.length + Math.floor(more / 2)] : []), releases - 1];
}

function withoutFaults(scenario: Scenario, gone: readonly FaultName[]): Scenario {
  const rates = Object.fromEntries(
    Object.entries(scenario.rates).filter(([name]) => !gone.includes(name as FaultName)),
  );
  return { ...scenario, rates };
}

function withoutImage(scenario: Scenario, gone: string): Scenario {
  const images = scenario.images
    .filter(({ name }) => name !== gone)
    .map((image) => ({ ...image, after: image.after.filter((name) => name !== gone) }));
  return { ...scenario, images, releases: Math.max(images.length, scenario.releases - 1) };
}
