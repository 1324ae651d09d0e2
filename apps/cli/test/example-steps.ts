import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));

export const workflowFiles = [
  "github-actions/release.yml",
  "account-mapping/.github/workflows/validate-and-deploy.yml",
] as const;

/** The text of a file of `examples/`. */
export function readExample(path: string): string {
  return readFileSync(join(examples, path), "utf8");
}

export interface WorkflowStep {
  readonly name: string;
  readonly run?: string;
  readonly uses?: string;
}

export interface WorkflowJob {
  readonly steps: readonly WorkflowStep[];
  readonly needs?: string;
  readonly if?: string;
}

/** A workflow's jobs by name. */
export function jobsOf(path: string): Readonly<Record<string, WorkflowJob>> {
  const workflow: { readonly jobs: Readonly<Record<string, WorkflowJob>> } = parse(readExample(path));
  return workflow.jobs;
}

/** All steps of a workflow's jobs. */
export function stepsOf(path: string): readonly WorkflowStep[] {
  return Object.values(jobsOf(path)).flatMap(({ steps }) => steps);
}

/** The shell scripts of the Jenkinsfile by stage, as Groovy reads them: `'''` keeps all but its own escapes. */
export function jenkinsScripts(): ReadonlyMap<string, string> {
  const text = readExample("jenkins/Jenkinsfile");
  const scripts = [...text.matchAll(/sh '''([\s\S]*?)'''/g)].map((match) => {
    const stage = [...text.slice(0, match.index).matchAll(/stage\('(\w+)'\)/g)].at(-1)?.[1] ?? "";
    const isCleanup = text.slice(0, match.index).includes("cleanup {");
    return [isCleanup ? "cleanup" : stage, (match[1] ?? "").replaceAll("\\\\", "\\")] as const;
  });
  return new Map(scripts);
}

/** A program of the PATH; null where it is not there. */
export function findProgram(name: string): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
