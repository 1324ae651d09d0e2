import type { Finding } from "./finding.ts";
import { quote } from "./finding.ts";
import { hintFor } from "./suggest.ts";
import { type Entry, type Survey, textsOf } from "./survey.ts";

/** Every name in `after` is an image of the file, and no image waits for itself. */
export function checkDependencies(survey: Survey): readonly Finding[] {
  return [...findUnknownImages(survey.images), ...findCycles(survey.images)];
}

function findUnknownImages(images: readonly Entry[]): readonly Finding[] {
  const names = images.map(({ name }) => name);
  const known = new Set(names);
  const hints = new Map<string, string>();
  return images.flatMap(({ path, fields }) =>
    textsOf(fields["after"])
      .filter(([, name]) => !known.has(name))
      .map(([index, name]): Finding => {
        const hint = hints.get(name) ?? hintFor(name, names, "add it to images, or remove it here");
        hints.set(name, hint);
        return {
          code: "unknown-image",
          path: [...path, "after", index],
          part: "value",
          expected: "the name of an image of this file",
          found: quote(name),
          hint,
        };
      }),
  );
}

interface Step {
  readonly image: Entry;
  readonly edges: readonly (readonly [index: number, name: string])[];
  next: number;
}

/** Walks along `after` in depth, without recursion; an edge back into the walk closes a cycle. */
function findCycles(images: readonly Entry[]): readonly Finding[] {
  const byName = new Map(images.map((image) => [image.name, image]));
  const findings: Finding[] = [];
  /** Images that the walk has come to, and how deep in it they are; null once it has left them for good. */
  const depths = new Map<string, number | null>();
  for (const start of images) {
    const walk: Step[] = [];
    const enter = (image: Entry): void => {
      depths.set(image.name, walk.length);
      walk.push(stepTo(image));
    };
    if (!depths.has(start.name)) enter(start);
    for (let step = walk.at(-1); step !== undefined; step = walk.at(-1)) {
      const edge = step.edges[step.next];
      step.next += 1;
      if (edge === undefined) {
        walk.pop();
        depths.set(step.image.name, null);
        continue;
      }
      const [index, name] = edge;
      const target = byName.get(name);
      const depth = depths.get(name);
      if (target !== undefined && depth === undefined) enter(target);
      if (typeof depth === "number") findings.push(describeCycle(walk.slice(depth), index));
    }
  }
  return findings;
}

function stepTo(image: Entry): Step {
  const after = textsOf(image.fields["after"]);
  const edges = after.filter(([, name], position) => after.findIndex(([, other]) => other === name) === position);
  return { image, edges, next: 0 };
}

function describeCycle(steps: readonly Step[], index: number): Finding {
  const names = steps.map(({ image }) => image.name);
  const closing = steps.at(-1) as Step;
  return {
    code: "dependency-cycle",
    path: [...closing.image.path, "after", index],
    part: "value",
    expected: "images that do not wait for themselves",
    found: [...names, names[0]].join(" -> "),
    hint: "take one of these images out of the after of another",
  };
}
