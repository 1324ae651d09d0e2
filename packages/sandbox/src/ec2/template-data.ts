import { ec2Form, invalidValue } from "./ec2-fault.ts";
import type { TemplateData } from "./ec2-state.ts";
import type { FormInput } from "./form-reader.ts";

/** Launch template data as EC2's API has it; what the sandbox does nothing with is dropped. */
export function readTemplateData(input: FormInput): TemplateData {
  const imageId = ec2Form.optionalText(input, "ImageId");
  const instanceType = ec2Form.optionalText(input, "InstanceType");
  const userData = ec2Form.optionalText(input, "UserData");
  const profile = readProfile(input);
  const shutdownBehavior = readShutdownBehavior(input);
  const metadataTags = readMetadataTags(input);
  const tags = readInstanceTags(input);
  return {
    ...(imageId === undefined ? {} : { imageId }),
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(userData === undefined ? {} : { userData }),
    ...(profile === undefined ? {} : { profile }),
    ...(shutdownBehavior === undefined ? {} : { shutdownBehavior }),
    ...(metadataTags === undefined ? {} : { metadataTags }),
    ...(tags === undefined ? {} : { tags }),
  };
}

export function writeTemplateData(data: TemplateData) {
  const tags = Object.entries(data.tags ?? {}).map(([key, value]) => ({ key, value }));
  return {
    imageId: data.imageId,
    instanceType: data.instanceType,
    userData: data.userData,
    instanceInitiatedShutdownBehavior: data.shutdownBehavior,
    ...(data.profile === undefined ? {} : { iamInstanceProfile: writeProfile(data.profile) }),
    ...(data.metadataTags === undefined
      ? {}
      : { metadataOptions: { instanceMetadataTags: data.metadataTags ? "enabled" : "disabled" } }),
    ...(tags.length === 0 ? {} : { tagSpecificationSet: [{ resourceType: "instance", tagSet: tags }] }),
  };
}

function readProfile(input: FormInput): string | undefined {
  const profile = ec2Form.structure(input, "IamInstanceProfile") ?? {};
  return ec2Form.optionalText(profile, "Arn") ?? ec2Form.optionalText(profile, "Name");
}

function writeProfile(profile: string) {
  return profile.startsWith("arn:") ? { arn: profile } : { name: profile };
}

function readShutdownBehavior(input: FormInput): "stop" | "terminate" | undefined {
  const behavior = ec2Form.optionalText(input, "InstanceInitiatedShutdownBehavior");
  if (behavior === undefined || behavior === "stop" || behavior === "terminate") return behavior;
  throw invalidValue(`Value (${behavior}) for parameter instanceInitiatedShutdownBehavior is invalid.`);
}

function readMetadataTags(input: FormInput): boolean | undefined {
  const options = ec2Form.structure(input, "MetadataOptions") ?? {};
  const enabled = ec2Form.optionalText(options, "InstanceMetadataTags");
  return enabled === undefined ? undefined : enabled === "enabled";
}

function readInstanceTags(input: FormInput): Readonly<Record<string, string>> | undefined {
  const specifications = ec2Form.structures(input, "TagSpecification") ?? [];
  const instances = specifications.filter((item) => ec2Form.optionalText(item, "ResourceType") === "instance");
  if (instances.length === 0) return undefined;
  return Object.fromEntries(instances.flatMap((item) => readTagList(item)));
}

/** `Tag.N.Key` and `Tag.N.Value`. */
export function readTagList(input: FormInput): readonly (readonly [string, string])[] {
  const tags = ec2Form.structures(input, "Tag") ?? [];
  return tags.map((tag) => [ec2Form.text(tag, "Key"), ec2Form.optionalText(tag, "Value") ?? ""]);
}
