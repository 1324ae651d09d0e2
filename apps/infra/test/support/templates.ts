import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountMapping, parseMapping } from "@windlass/account-mapping";
import type { App } from "aws-cdk-lib";
import type { Artifacts } from "../../src/artifacts.ts";
import { createApp } from "../../src/create-app.ts";

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is any JSON
  readonly Properties: any;
  readonly [attribute: string]: unknown;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
}

export interface Synthesized {
  /** Templates by the name of their stack in the app. */
  readonly templates: Readonly<Record<string, Template>>;
  /** Folder with the templates as files. */
  readonly folder: string;
}

/** Small programs in place of the real ones: their content does not matter, only that it is always the same. */
export function stubArtifacts(): Artifacts {
  const folder = mkdtempSync(join(tmpdir(), "windlass-artifacts-"));
  mkdirSync(join(folder, "lambda"));
  writeFileSync(join(folder, "lambda", "handler.mjs"), "export const handler = () => null;\n");
  writeFileSync(join(folder, "runner.mjs"), "// runner\n");
  for (const architecture of ["x86_64", "arm64"]) writeFileSync(join(folder, `${architecture}.tar.gz`), architecture);
  return {
    lambda: join(folder, "lambda"),
    runner: join(folder, "runner.mjs"),
    node: (architecture) => join(folder, `${architecture}.tar.gz`),
  };
}

export const exampleText = readFileSync(
  new URL("../../../../examples/account-mapping/windlass.yaml", import.meta.url),
  "utf8",
);

/** The example's mapping, with parts of its text replaced. Each part must be there. */
export function exampleWith(...changes: readonly (readonly [from: string, to: string])[]): AccountMapping {
  const text = changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the example has no ${from}`);
    return before.replace(from, to);
  }, exampleText);
  return parseMapping(text);
}

/** Synthesizes all stacks; `prepare` may look at the app before. */
export function synthesize(mapping: AccountMapping, prepare: (app: App) => void = () => {}): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), "windlass-cdk-"));
  const app = createApp({ mapping, artifacts: stubArtifacts(), app: { outdir: folder } });
  prepare(app);
  const { stacks } = app.synth();
  return { folder, templates: Object.fromEntries(stacks.map(({ id, template }) => [id, template as Template])) };
}

/** Resources of one type. */
export function resourcesOf(template: Template | undefined, type: string): readonly Resource[] {
  return Object.values(template?.Resources ?? {}).filter((resource) => resource.Type === type);
}

/** The one resource of its type. */
export function onlyResource(template: Template | undefined, type: string): Resource {
  const [resource, ...others] = resourcesOf(template, type);
  if (resource === undefined || others.length > 0) throw new Error(`expected one ${type}`);
  return resource;
}

export function roleNamed(template: Template | undefined, name: string): Resource {
  const role = resourcesOf(template, "AWS::IAM::Role").find(({ Properties }) => Properties.RoleName === name);
  if (role === undefined) throw new Error(`there is no role ${name}`);
  return role;
}
