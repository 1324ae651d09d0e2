import { checkMapping, MappingError, type MappingProblem, parseMapping } from "../index.ts";

/** The smallest valid file, with changes. */
export function fileWith(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    workload: "dataGov",
    registry: { account: "111111111111", region: "ap-southeast-2" },
    areas: { scratch: areaWith() },
    images: { network: { kind: "terraform" } },
    ...changes,
  };
}

export function areaWith(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { branch: "Develop", account: "222222222222", ...changes };
}

export function fileWithArea(changes: Readonly<Record<string, unknown>>): unknown {
  return fileWith({ areas: { scratch: areaWith(changes) } });
}

export function fileWithImage(image: unknown): unknown {
  return fileWith({ images: { network: image } });
}

/** The problems of a value; none where it is valid. */
export function problemsIn(value: unknown): readonly MappingProblem[] {
  return catchProblems(() => checkMapping(value));
}

/** The problems of a text; none where it is valid. */
export function problemsInText(text: string): readonly MappingProblem[] {
  return catchProblems(() => parseMapping(text, { file: "windlass.yaml" }));
}

/** `code at path` of each problem. */
export function summarize(problems: readonly MappingProblem[]): readonly string[] {
  return problems.map(({ code, path }) => (path === "" ? code : `${code} at ${path}`));
}

/** Anything but a `MappingError` passes through, and fails the test. */
function catchProblems(read: () => unknown): readonly MappingProblem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof MappingError && error.code === "invalid-mapping") return error.problems;
    throw error;
  }
}
