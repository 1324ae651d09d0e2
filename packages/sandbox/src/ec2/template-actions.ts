import type { ActionHandler } from "../core/service.ts";
import { ec2Form } from "./ec2-fault.ts";
import { ec2State, type LaunchTemplate } from "./ec2-state.ts";
import type { FormInput } from "./form-reader.ts";
import { placeOf } from "./instance-actions.ts";
import { addTemplateVersion, createLaunchTemplate, findTemplate, templateVersion } from "./launch-templates.ts";
import { readPage } from "./paging.ts";
import { readTemplateData, writeTemplateData } from "./template-data.ts";

/** API reference, `DescribeLaunchTemplates` and `DescribeLaunchTemplateVersions`. */
const PAGE = { least: 1, most: 200 };

export const templateActions: Readonly<Record<string, ActionHandler>> = {
  CreateLaunchTemplate(input, context) {
    const state = ec2State(placeOf(context));
    const data = readTemplateData(ec2Form.structure(input, "LaunchTemplateData") ?? {});
    const template = createLaunchTemplate(state, ec2Form.text(input, "LaunchTemplateName"), data);
    return { launchTemplate: writeTemplate(template) };
  },

  CreateLaunchTemplateVersion(input, context) {
    const template = findTemplate(ec2State(placeOf(context)), readName(input));
    const data = readTemplateData(ec2Form.structure(input, "LaunchTemplateData") ?? {});
    const number = addTemplateVersion(template, data, ec2Form.optionalInteger(input, "SourceVersion") ?? null);
    return { launchTemplateVersion: writeVersion(template, number) };
  },

  ModifyLaunchTemplate(input, context) {
    const template = findTemplate(ec2State(placeOf(context)), readName(input));
    // The API's name for the parameter differs from the one in its wire form (service model, `SetDefaultVersion`).
    template.defaultVersion = templateVersion(template, ec2Form.text(input, "SetDefaultVersion")).number;
    return { launchTemplate: writeTemplate(template) };
  },

  DeleteLaunchTemplate(input, context) {
    const state = ec2State(placeOf(context));
    const template = findTemplate(state, readName(input));
    state.templates.delete(template.id);
    return { launchTemplate: writeTemplate(template) };
  },

  DescribeLaunchTemplates(input, context) {
    const state = ec2State(placeOf(context));
    const names = ec2Form.texts(input, "LaunchTemplateName") ?? [];
    const ids = ec2Form.texts(input, "LaunchTemplateId") ?? [];
    const named = [
      ...ids.map((id) => findTemplate(state, { id })),
      ...names.map((name) => findTemplate(state, { name })),
    ];
    const templates = named.length === 0 ? [...state.templates.values()] : named;
    const { items, nextToken } = readPage(templates, input, PAGE);
    return { launchTemplates: items.map(writeTemplate), nextToken };
  },

  DescribeLaunchTemplateVersions(input, context) {
    const template = findTemplate(ec2State(placeOf(context)), readName(input));
    const wanted = ec2Form.texts(input, "LaunchTemplateVersion");
    const numbers =
      wanted?.map((version) => templateVersion(template, version).number) ?? template.versions.map((_, i) => i + 1);
    const { items, nextToken } = readPage(numbers, input, PAGE);
    return { launchTemplateVersionSet: items.map((number) => writeVersion(template, number)), nextToken };
  },
};

function readName(input: FormInput) {
  const id = ec2Form.optionalText(input, "LaunchTemplateId");
  return id === undefined ? { name: ec2Form.text(input, "LaunchTemplateName") } : { id };
}

function writeTemplate(template: LaunchTemplate) {
  return {
    launchTemplateId: template.id,
    launchTemplateName: template.name,
    createTime: new Date(template.createdAt),
    defaultVersionNumber: template.defaultVersion,
    latestVersionNumber: template.versions.length,
  };
}

function writeVersion(template: LaunchTemplate, number: number) {
  return {
    launchTemplateId: template.id,
    launchTemplateName: template.name,
    versionNumber: number,
    defaultVersion: number === template.defaultVersion,
    createTime: new Date(template.createdAt),
    launchTemplateData: writeTemplateData(templateVersion(template, String(number)).data),
  };
}
