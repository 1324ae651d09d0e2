import type { ActionHandler } from "../core/service.ts";
import { AwsFault } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { findGroup } from "./groups.ts";
import { placeOf, scalingState } from "./open-scaling.ts";
import { page } from "./paging.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";
import type { Group, ScheduledAction } from "./scaling-state.ts";

export const scheduleActions: Readonly<Record<string, ActionHandler>> = {
  /** Stored, checked and shown; the sandbox runs it when it is told to. */
  PutScheduledUpdateGroupAction(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    const action = readAction(input);
    if (action.start !== null && action.start.getTime() < state.clock.now())
      throw validationError("Given start time is in the past");
    if (!group.scheduledActions.has(action.name) && group.scheduledActions.size >= 125)
      throw new AwsFault(
        "LimitExceeded",
        "You have reached the maximum number of scheduled actions for this group: 125",
      );
    group.scheduledActions.set(action.name, action);
  },

  DescribeScheduledActions(input, context) {
    const state = scalingState(placeOf(context));
    const name = scalingForm.optionalText(input, "AutoScalingGroupName");
    const names = scalingForm.texts(input, "ScheduledActionNames") ?? [];
    const groups = name === undefined ? [...state.groups.values()] : [findGroup(state, name)];
    const all = groups.flatMap((group) => [...group.scheduledActions.values()].map((action) => ({ group, action })));
    const wanted = all.filter(({ action }) => names.length === 0 || names.includes(action.name));
    const { items, nextToken } = page(wanted, input, { size: 50, max: 100 });
    return {
      ScheduledUpdateGroupActions: items.map(({ group, action }) => writeAction(group, action)),
      NextToken: nextToken,
    };
  },

  DeleteScheduledAction(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    if (!group.scheduledActions.delete(scalingForm.text(input, "ScheduledActionName")))
      throw validationError("Scheduled action name not found");
  },
};

function readAction(input: FormInput): ScheduledAction {
  const action = {
    name: scalingForm.text(input, "ScheduledActionName"),
    recurrence: scalingForm.optionalText(input, "Recurrence") ?? null,
    timeZone: scalingForm.optionalText(input, "TimeZone") ?? null,
    start: scalingForm.optionalDate(input, "StartTime") ?? scalingForm.optionalDate(input, "Time") ?? null,
    end: scalingForm.optionalDate(input, "EndTime") ?? null,
    min: scalingForm.optionalInteger(input, "MinSize") ?? null,
    max: scalingForm.optionalInteger(input, "MaxSize") ?? null,
    desired: scalingForm.optionalInteger(input, "DesiredCapacity") ?? null,
  };
  if (action.min === null && action.max === null && action.desired === null)
    throw validationError("At least one of MinSize, MaxSize or DesiredCapacity must be specified.");
  if (action.recurrence === null && action.start === null)
    throw validationError("Either a start time or a recurrence must be specified.");
  checkRecurrence(action.recurrence);
  checkTimeZone(action.timeZone);
  return action;
}

/** Five fields of a Unix cron (API reference, `Recurrence`). */
function checkRecurrence(recurrence: string | null): void {
  if (recurrence === null) return;
  const fields = recurrence.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every((field) => /^[0-9A-Za-z*,/-]+$/.test(field)))
    throw validationError(`Given recurrence string: ${recurrence} is invalid`);
}

function checkTimeZone(timeZone: string | null): void {
  if (timeZone === null) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw validationError(`Invalid time zone: ${timeZone}`);
  }
}

function writeAction(group: Group, action: ScheduledAction) {
  return {
    AutoScalingGroupName: group.name,
    ScheduledActionName: action.name,
    ScheduledActionARN: `${group.arn.replace(":autoScalingGroup:", ":scheduledUpdateGroupAction:")}:scheduledActionName/${action.name}`,
    Recurrence: action.recurrence,
    TimeZone: action.timeZone,
    StartTime: action.start,
    EndTime: action.end,
    MinSize: action.min,
    MaxSize: action.max,
    DesiredCapacity: action.desired,
  };
}
