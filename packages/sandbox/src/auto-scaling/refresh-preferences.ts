import type { FormInput } from "../ec2/form-reader.ts";
import type { RefreshPreferences } from "./refresh-state.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";

/** The service's own defaults (API reference, `RefreshPreferences`). */
export const defaultPreferences: RefreshPreferences = {
  minHealthyPercentage: 90,
  maxHealthyPercentage: 100,
  instanceWarmup: null,
  skipMatching: false,
  autoRollback: false,
  scaleInProtected: "Wait",
  checkpointPercentages: [],
  checkpointDelay: 3600,
  bakeTime: 0,
};

const protectedChoices = ["Refresh", "Ignore", "Wait"] as const;

export function readPreferences(input: FormInput): RefreshPreferences {
  const value = scalingForm.structure(input, "Preferences") ?? {};
  const min = percentage(value, "MinHealthyPercentage", { from: 0, to: 100 });
  const max = percentage(value, "MaxHealthyPercentage", { from: 100, to: 200 });
  if (max !== undefined && min === undefined)
    throw validationError("If you specify a MaxHealthyPercentage, you must also specify a MinHealthyPercentage.");
  if (max !== undefined && min !== undefined && max - min > 100)
    throw validationError(
      "The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100.",
    );
  const protectedChoice = scalingForm.optionalText(value, "ScaleInProtectedInstances") ?? "Wait";
  const scaleInProtected = protectedChoices.find((choice) => choice === protectedChoice);
  if (scaleInProtected === undefined)
    throw validationError(`'${protectedChoice}' is not a valid ScaleInProtectedInstances.`);
  return {
    minHealthyPercentage: min ?? defaultPreferences.minHealthyPercentage,
    maxHealthyPercentage: max ?? defaultPreferences.maxHealthyPercentage,
    instanceWarmup: scalingForm.optionalInteger(value, "InstanceWarmup") ?? null,
    skipMatching: scalingForm.optionalFlag(value, "SkipMatching") ?? false,
    autoRollback: scalingForm.optionalFlag(value, "AutoRollback") ?? false,
    scaleInProtected,
    checkpointPercentages: readCheckpoints(value),
    checkpointDelay: seconds(value, "CheckpointDelay") ?? defaultPreferences.checkpointDelay,
    bakeTime: seconds(value, "BakeTime") ?? 0,
  };
}

export function writePreferences(preferences: RefreshPreferences) {
  const { instanceWarmup, checkpointPercentages } = preferences;
  return {
    MinHealthyPercentage: preferences.minHealthyPercentage,
    MaxHealthyPercentage: preferences.maxHealthyPercentage,
    ...(instanceWarmup === null ? {} : { InstanceWarmup: instanceWarmup }),
    SkipMatching: preferences.skipMatching,
    AutoRollback: preferences.autoRollback,
    ScaleInProtectedInstances: preferences.scaleInProtected,
    StandbyInstances: "Wait",
    ...(checkpointPercentages.length === 0
      ? {}
      : { CheckpointPercentages: checkpointPercentages, CheckpointDelay: preferences.checkpointDelay }),
    BakeTime: preferences.bakeTime,
  };
}

function readCheckpoints(input: FormInput): readonly number[] {
  const percentages = (scalingForm.texts(input, "CheckpointPercentages") ?? []).map(Number);
  const ascends = percentages.every(
    (value, index) => value >= 1 && value <= 100 && value > (percentages[index - 1] ?? 0),
  );
  if (!ascends || (percentages.length > 0 && percentages.at(-1) !== 100))
    throw validationError("CheckpointPercentages must be in ascending order and the last value must be 100.");
  return percentages;
}

function percentage(input: FormInput, name: string, range: { from: number; to: number }): number | undefined {
  const value = scalingForm.optionalInteger(input, name);
  if (value !== undefined && (value < range.from || value > range.to))
    throw validationError(`${name} must be between ${range.from} and ${range.to}.`);
  return value;
}

function seconds(input: FormInput, name: string): number | undefined {
  const value = scalingForm.optionalInteger(input, name);
  if (value !== undefined && (value < 0 || value > 172_800))
    throw validationError(`${name} must be between 0 and 172800.`);
  return value;
}
