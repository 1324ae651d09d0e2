import { AwsFault } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { findTemplate, templateVersion } from "../ec2/launch-templates.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";
import type { ScalingState, TemplateChoice } from "./scaling-state.ts";

export interface GivenTemplate {
  readonly template: TemplateChoice;
  readonly mixed: boolean;
}

/** The launch template of a group or a refresh, given alone or in a mixed instances policy. */
export function readTemplateChoice(state: ScalingState, input: FormInput): GivenTemplate {
  const given = findSpecification(input);
  if (given === undefined)
    throw validationError(
      "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
    );
  const id = scalingForm.optionalText(given.specification, "LaunchTemplateId");
  const name = scalingForm.optionalText(given.specification, "LaunchTemplateName");
  const version = scalingForm.optionalText(given.specification, "Version");
  return { template: chooseTemplate(state, { id, name, version }), mixed: given.mixed };
}

export function hasTemplateChoice(input: FormInput): boolean {
  return findSpecification(input) !== undefined;
}

/** Throws where there is no such template or version. */
export function chooseTemplate(
  state: ScalingState,
  wanted: {
    readonly id?: string | undefined;
    readonly name?: string | undefined;
    readonly version?: string | undefined;
  },
): TemplateChoice {
  try {
    const template = findTemplate(state.ec2, wanted);
    templateVersion(template, wanted.version);
    return { id: template.id, name: template.name, version: wanted.version ?? null };
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    throw validationError(`You must use a valid fully-formed launch template. ${error.message}`);
  }
}

function findSpecification(
  input: FormInput,
): { readonly specification: FormInput; readonly mixed: boolean } | undefined {
  const alone = scalingForm.structure(input, "LaunchTemplate");
  const policy = scalingForm.structure(input, "MixedInstancesPolicy");
  if (alone !== undefined && policy !== undefined)
    throw validationError(
      "Valid requests must contain either LaunchTemplate or MixedInstancesPolicy parameter, not both.",
    );
  if (alone !== undefined) return { specification: alone, mixed: false };
  const template = policy === undefined ? undefined : scalingForm.structure(policy, "LaunchTemplate");
  const specification =
    template === undefined ? undefined : scalingForm.structure(template, "LaunchTemplateSpecification");
  return specification === undefined ? undefined : { specification, mixed: true };
}
