import { createLaunchTemplate } from "../ec2/launch-templates.ts";
import { createGroup } from "./groups.ts";
import type { GroupSettings, ScalingState, TemplateChoice } from "./scaling-state.ts";
import { chooseTemplate } from "./template-choice.ts";

export interface GroupOptions {
  /** 0 by default. */
  readonly min?: number;
  /** 1 by default. */
  readonly max?: number;
  /** The minimum by default. */
  readonly desired?: number;
  /** By name; by default `<group>-template`, which is made where it is missing, with tags in its instances' metadata. */
  readonly launchTemplate?: string;
  /** A number, `$Latest` or `$Default`. */
  readonly launchTemplateVersion?: string;
  /** Give the template in a mixed instances policy, which changes how launch failures read. */
  readonly mixed?: boolean;
  /** By default one zone. */
  readonly availabilityZones?: readonly string[];
  /** Propagated at launch. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly protectNewInstances?: boolean;
  readonly graceSeconds?: number;
  readonly cooldownSeconds?: number;
}

export function createGroupFrom(state: ScalingState, name: string, options: GroupOptions): void {
  const { min = 0, max = 1, tags = {} } = options;
  createGroup(state, {
    name,
    capacity: { min, max, desired: options.desired ?? min },
    template: templateOf(state, name, options),
    settings: settingsOf(options),
    tags: new Map(Object.entries(tags).map(([key, value]) => [key, { value, propagateAtLaunch: true }])),
  });
}

function templateOf(state: ScalingState, group: string, options: GroupOptions): TemplateChoice {
  const { launchTemplate: name = `${group.replace(/[^a-zA-Z0-9]/g, "-")}-template`, launchTemplateVersion: version } =
    options;
  const known = [...state.ec2.templates.values()].some((template) => template.name === name);
  if (!known && options.launchTemplate === undefined) createLaunchTemplate(state.ec2, name, { metadataTags: true });
  return chooseTemplate(state, { name, version });
}

function settingsOf(options: GroupOptions): Partial<GroupSettings> {
  const { mixed, availabilityZones, protectNewInstances, graceSeconds, cooldownSeconds } = options;
  const given = { mixed, availabilityZones, protectNewInstances, graceSeconds, cooldownSeconds };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
