import * as z from "zod";
import { DAYS } from "./days.ts";
import { DEFAULTS } from "./defaults.ts";
import { HOURS, startsWhereItEnds } from "./hours.ts";
import { areaInfraShape } from "./infra-schema.ts";
import { accountId, region, ruled, text } from "./schema-text.ts";
import { isTimeZone, TIME_ZONE } from "./time-zone.ts";

const BRANCH = /^[^\s~^:?*[\\]{1,255}$/;
const ALIAS = /^(?=.*\S).{1,63}$/;
const REASON = /^(?=.*\S).{1,200}$/;

export const windowShape = {
  timezone: text("timezone", TIME_ZONE)
    .refine(isTimeZone, ruled("timezone"))
    .optional()
    .meta({ description: "IANA name.", default: DEFAULTS.timezone, examples: ["Australia/Sydney"] }),
  days: text("days", DAYS)
    .optional()
    .meta({ description: "Days and ranges of days.", default: DEFAULTS.days, examples: ["MON,WED", "SAT-MON"] }),
  hours: text("hours", HOURS)
    .refine((hours) => !startsWhereItEnds(hours), ruled("noHours"))
    .optional()
    .meta({
      description: "Local hours; may go over midnight. 00:00-24:00 is the whole day.",
      default: DEFAULTS.hours,
      examples: ["22:00-06:00", "00:00-24:00"],
    }),
};

export const freezeShape = {
  from: z.iso.date(ruled("date")).describe("First day on which nothing starts."),
  to: z.iso.date(ruled("date")).describe("Last day on which nothing starts."),
  reason: text("reason", REASON).describe("Why; people see it beside what waits."),
};

export const areaShape = {
  branch: text("branch", BRANCH).describe("The Git branch that deploys to this area."),
  account: accountId.describe("The area's AWS account, in quotes."),
  alias: text("alias", ALIAS).optional().describe("The account's alias, for people."),
  region: region.optional().describe("Where to deploy; by default the registry's region."),
  window: z
    .strictObject(windowShape, ruled("window"))
    .optional()
    .describe("When deployments may start: by default MON-FRI, 09:00-17:00, UTC. A running one is never stopped."),
  freezes: z
    .array(z.strictObject(freezeShape, ruled("freeze")), ruled("freezes"))
    .optional()
    .describe("Whole local days on which nothing starts, both ends included."),
  infra: z
    .strictObject(areaInfraShape, ruled("areaInfra"))
    .optional()
    .describe("What the area's infrastructure is made of, where it differs from the file's infra."),
  pipeline: z.boolean(ruled("pipeline")).optional().meta({
    description: "True for the area in which the pipeline account deploys its own infrastructure.",
    default: DEFAULTS.pipeline,
  }),
};

export const areaSchema = z.strictObject(areaShape, ruled("area"));
