import { join } from "node:path";
import type { AccountTemplate, StackRole } from "@windlass/isolation";
import { CliError } from "./cli-error.ts";
import { type FilePlace, readText } from "./read-file.ts";

/**
 * The stacks in a folder that the AWS CDK synthesized, by its `manifest.json`. Throws `CliError`: `file-unreadable`,
 * `templates-unfit`.
 */
export function readTemplates(folder: string, place: FilePlace): readonly AccountTemplate[] {
  const manifest = readJson(join(folder, "manifest.json"), place);
  const artifacts = Object.entries(membersOf(manifest["artifacts"]));
  const nested = artifacts.find(([, artifact]) => membersOf(artifact)["type"] === "cdk:cloud-assembly");
  if (nested !== undefined) throw unfit(nested[0], "stacks of one app, without stages in it", "a stage");
  const stacks = artifacts.filter(([, artifact]) => membersOf(artifact)["type"] === "aws:cloudformation:stack");
  if (stacks.length === 0) throw unfit(folder, "stacks", "none");
  return stacks.map(([id, artifact]) => readStack({ id, artifact: membersOf(artifact), folder }, place));
}

interface Artifact {
  readonly id: string;
  readonly artifact: Members;
  readonly folder: string;
}

function readStack({ id, artifact, folder }: Artifact, place: FilePlace): AccountTemplate {
  const { templateFile, stackName = id } = membersOf(artifact["properties"]);
  const environment = String(artifact["environment"]);
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment) ?? [];
  if (account === undefined || region === undefined) throw unfit(id, "an account and a region", environment);
  const template = readJson(join(folder, String(templateFile)), place);
  return { account, region, stack: String(stackName), role: roleOf(id), template };
}

/** As `@windlass/infra` calls its stacks. */
function roleOf(id: string): StackRole {
  if (/^pipeline(?:-\d+)?$/.test(id)) return { kind: "pipeline" };
  const [, area] = /^area-(.+)$/.exec(id) ?? [];
  if (area === undefined) throw unfit(id, "pipeline, pipeline-<number> or area-<area>, as the stacks are called", id);
  return { kind: "area", area };
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function readJson(path: string, place: FilePlace): Members {
  const text = readText(path, place);
  try {
    return membersOf(JSON.parse(text));
  } catch (cause) {
    throw new CliError({ code: "templates-unfit", message: "the file is no JSON", where: path, cause });
  }
}

function unfit(where: string, expected: string, found: string): CliError {
  return new CliError({
    code: "templates-unfit",
    message: "these are no templates that can be looked at",
    where,
    expected,
    found,
    hint: "synthesize them with pnpm --filter @windlass/infra synth",
  });
}
