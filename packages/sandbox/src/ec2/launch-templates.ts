import { AwsFault } from "../core/service.ts";
import { wholeNumber } from "../core/whole-number.ts";
import type { Ec2State, LaunchTemplate, TemplateData } from "./ec2-state.ts";

/** Which template is meant: by id, or by name. */
export interface TemplateName {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/** 3 to 128 letters, digits and some signs (service model, `LaunchTemplateName`). */
const namePattern = /^[a-zA-Z0-9().\-/_]{3,128}$/;

export function createLaunchTemplate(state: Ec2State, name: string, data: TemplateData): LaunchTemplate {
  if (!namePattern.test(name))
    throw new AwsFault("InvalidLaunchTemplateName.MalformedException", `'${name}' is no name for a launch template`);
  if (findByName(state, name) !== undefined)
    throw new AwsFault("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
  const id = `lt-${state.world.hexId(17)}`;
  const template = { id, name, createdAt: state.clock.now(), defaultVersion: 1, versions: [data] };
  state.templates.set(id, template);
  return template;
}

/** Adds a version, on top of another one where it names one; gives its number. It does not become the default. */
export function addTemplateVersion(template: LaunchTemplate, data: TemplateData, source: number | null): number {
  const base = source === null ? {} : templateVersion(template, String(source)).data;
  template.versions.push({ ...base, ...data });
  return template.versions.length;
}

export function findTemplate(state: Ec2State, { id, name }: TemplateName): LaunchTemplate {
  const template = id === undefined ? findByName(state, name ?? "") : state.templates.get(id);
  if (template !== undefined) return template;
  if (id !== undefined)
    throw new AwsFault(
      "InvalidLaunchTemplateId.NotFound",
      `The specified launch template, with template ID ${id}, does not exist.`,
    );
  throw new AwsFault(
    "InvalidLaunchTemplateName.NotFoundException",
    `The specified launch template, with template name ${name ?? ""}, does not exist.`,
  );
}

/** `$Default` where no version is given (API reference, `LaunchTemplateSpecification`). */
export function templateVersion(template: LaunchTemplate, version: string | undefined) {
  const number = versionNumber(template, version ?? "$Default");
  const data = template.versions[number - 1];
  if (data === undefined)
    throw new AwsFault(
      "InvalidLaunchTemplateId.VersionNotFound",
      `Could not find the specified version ${version ?? ""} for the launch template with ID ${template.id}.`,
    );
  return { number, data };
}

function versionNumber(template: LaunchTemplate, version: string): number {
  if (version === "$Latest") return template.versions.length;
  return version === "$Default" ? template.defaultVersion : wholeNumber(version);
}

function findByName(state: Ec2State, name: string): LaunchTemplate | undefined {
  return [...state.templates.values()].find((template) => template.name === name);
}
