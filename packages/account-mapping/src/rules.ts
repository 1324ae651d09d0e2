import { infraRules } from "./infra-rules.ts";
import { LIST_HINT, objectRule, type Rule, rule } from "./rule.ts";
import { hintFor } from "./suggest.ts";
import { unknownPlaceholder } from "./template.ts";
import { hintForTimeZone } from "./time-zone.ts";

const NAME_HINT = "start with a letter or digit, then use letters, digits, and the signs that are named here";
const PERCENTAGE_HINT = "write a whole number without a percent sign, such as 90";
const TAG_HINT = 'write { tag: "deploy.packages", includes: web }';

/**
 * Every rule of the schema by name. Schemas give a rule's name as the message of their issues, which is how an issue
 * finds its way back to these texts.
 */
export const rules = {
  // Objects and lists
  file: objectRule("not-an-object", "the keys of an account mapping: version, workload, registry, areas and images"),
  registry: objectRule("wrong-type", "the registry's account and region"),
  github: objectRule("wrong-type", "the GitHub organization"),
  source: objectRule("wrong-type", "templates for repository and tag"),
  areas: objectRule("too-few-entries", "areas by name, at least one"),
  manyAreas: rule("too-many-entries", "500 areas at most", "split the workload into several mappings"),
  area: objectRule("wrong-type", "the keys of an area, such as branch and account"),
  window: objectRule("wrong-type", "timezone, days and hours, or some of them"),
  freezes: rule(
    "wrong-type",
    "a list of freezes",
    "write [ { from: 2026-12-20, to: 2027-01-05, reason: end of year } ]",
  ),
  freeze: objectRule("wrong-type", "from, to and reason"),
  images: objectRule("wrong-type", "images by name"),
  manyImages: rule("too-many-entries", "10,000 images at most", "split the workload into several mappings"),
  image: objectRule("wrong-type", "the keys of an image, such as kind"),
  terraform: objectRule("wrong-type", "the keys of a Terraform image"),
  instanceRefresh: objectRule("wrong-type", "the keys of an application image"),
  imageOfUnknownKind: objectRule("wrong-type", "the keys of an image"),
  after: rule("wrong-type", "a list of image names", LIST_HINT),
  variables: objectRule("wrong-type", "Terraform variables by name"),
  groups: rule("wrong-type", "a list of group names, or a tag and a word", `write [dga-web-asg], or else ${TAG_HINT}`),
  groupTag: objectRule("wrong-type", "a tag and a word that its value includes"),
  fewGroups: rule("too-few-entries", "the name of at least one Auto Scaling group", LIST_HINT),
  preferences: objectRule("wrong-type", "preferences of an instance refresh"),
  repeated: rule("repeated-entry", "each entry once", "remove the second one"),

  // The workload
  schema: rule("wrong-type", "where this file's JSON Schema is, as text", "write a path or a URL"),
  version: rule("invalid-version", "1", "write version: 1"),
  workload: rule("invalid-name", "1 to 64 letters, digits, dots, dashes and underscores", NAME_HINT),
  account: rule("invalid-account-id", "an AWS account id: 12 digits in quotes", 'write it like "111111111111"'),
  region: rule("invalid-region", "an AWS region, such as ap-southeast-2", "use the region's code, not its name"),
  organization: rule(
    "invalid-organization",
    "a GitHub organization: letters, digits and dashes",
    "use its name as in its URL: https://github.com/<organization>",
  ),
  apiUrl: rule(
    "invalid-url",
    "the URL of a GitHub REST API, without query",
    "GitHub Enterprise Server's is https://<host>/api/v3; leave the key out for github.com",
  ),
  repositoryTemplate: templateRule("{image}"),
  tagTemplate: templateRule("{area}"),

  // Areas
  areaName: rule("invalid-name", "an area's name: 1 to 64 letters, digits, dashes and underscores", NAME_HINT),
  branch: rule(
    "invalid-branch",
    "a Git branch",
    "write the branch's name alone, without spaces or any of ~ ^ : ? * [ \\",
  ),
  alias: rule("invalid-alias", "an account's alias: one line of at most 63 characters", "shorten it, or leave it out"),
  pipeline: rule("wrong-type", "true or false", "write true only for the pipeline's own area"),
  timezone: rule("unknown-timezone", "an IANA time zone", hintForTimeZone),
  days: rule("invalid-days", "days such as MON-FRI or MON,WED", "write MON TUE WED THU FRI SAT SUN, with - and , only"),
  hours: rule("invalid-hours", 'local hours such as "09:00-17:00"', "write two digits each, from 00:00 to 24:00"),
  noHours: rule(
    "invalid-hours",
    "an end that is not the start",
    'write "00:00-24:00" for the whole day; "22:00-06:00" goes over midnight',
  ),
  date: rule("invalid-date", "a day that exists, as YYYY-MM-DD", "write year, month and day, such as 2026-12-20"),
  reason: rule("invalid-reason", "why, in one line of at most 200 characters", "people will read it: say what goes on"),
  freezeOrder: rule("freeze-ends-before-start", "a last day that is not before the first", "swap from and to"),

  // Images
  imageName: rule("invalid-name", "an image's name: letters, digits, dots, dashes, underscores and slashes", NAME_HINT),
  kind: rule("invalid-kind", "terraform or instance-refresh", (text) =>
    hintFor(text, ["terraform", "instance-refresh"], "write kind: terraform for an image with Terraform code"),
  ),
  imageReference: rule("invalid-name", "the name of an image of this file", "name an image that images lists"),
  timeout: rule(
    "invalid-duration",
    "a duration from 1s to 168h, such as 45m or 1h30m",
    "write numbers with h, m and s",
  ),
  warmup: rule("invalid-duration", "a duration up to 168h, such as 5m or 90s", "write numbers with h, m and s"),
  retries: rule("invalid-retries", "a whole number from 0 to 10", "0 means that a failed digest is not tried again"),
  githubRepository: rule(
    "invalid-github-repository",
    "a GitHub repository's name: letters, digits, dots, dashes and underscores",
    "write the name alone, without the organization",
  ),
  state: rule("invalid-state", "image, managed or store", (text) =>
    hintFor(text, ["image", "managed", "store"], "write managed to keep the state in the area's bucket"),
  ),
  entrypoint: rule("wrong-type", "a list of arguments for the image's own entry point", "write [apply-no-color]"),
  fewArguments: rule("too-few-entries", "at least one argument", "write [apply-no-color], or leave the key out"),
  manyArguments: rule("too-many-entries", "20 arguments at most", "let the entry point read the others from a file"),
  argument: rule("invalid-argument", "an argument of 1 to 1,000 characters", 'write text, such as "apply-no-color"'),
  entrypointState: rule(
    "entrypoint-with-managed-state",
    "store or image where the image's own entry point runs",
    "the runner can not lay its backend under a program that it does not know: use store or image",
  ),
  variableName: rule(
    "invalid-name",
    "a Terraform variable: a letter or underscore, then letters, digits, underscores and dashes",
    "use the name that the module's variable block has",
  ),
  variable: rule("wrong-type", "text, a number, true or false", "write lists and objects as JSON, in quotes"),
  groupName: rule(
    "invalid-group-name",
    "an Auto Scaling group's name: up to 255 signs without spaces and colons",
    "use the name of the group, not its ARN",
  ),
  tagKey: rule("invalid-group-tag", "a tag's key of 1 to 128 characters", TAG_HINT),
  tagWord: rule("invalid-group-tag", "one word of 1 to 256 characters, without spaces and commas", TAG_HINT),
  minHealthy: rule("invalid-percentage", "a whole number from 0 to 100", PERCENTAGE_HINT),
  maxHealthy: rule("invalid-percentage", "a whole number from 100 to 200", PERCENTAGE_HINT),
  maxNeedsMin: rule(
    "invalid-preferences",
    "minHealthyPercentage beside it",
    "EC2 Auto Scaling takes maxHealthyPercentage only together with minHealthyPercentage",
  ),
  healthySpan: rule(
    "invalid-preferences",
    "at most 100 above minHealthyPercentage",
    "raise minHealthyPercentage or lower maxHealthyPercentage",
  ),

  // Infrastructure
  ...infraRules,
} satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof rules;

function templateRule(normal: string): Rule {
  return rule(
    (text) => (unknownPlaceholder(text) === null ? "invalid-template" : "unknown-placeholder"),
    "a template of letters, digits, . _ - / and {image}, {area} or {branch}",
    (text) => hintForTemplate(text, normal),
  );
}

function hintForTemplate(template: string, normal: string): string {
  const advice = `write a name with placeholders, such as "${normal}"`;
  const word = unknownPlaceholder(template);
  if (word === null) return advice;
  const placeholders = ["{image}", "{area}", "{branch}"];
  return hintFor(`{${word}}`, placeholders, advice);
}
