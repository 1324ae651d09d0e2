import * as z from "zod";
import { DEFAULTS } from "./defaults.ts";
import { DURATION, durationSeconds, LONGEST_SECONDS } from "./duration.ts";
import { named, ruled, text } from "./schema-text.ts";

export const IMAGE_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;
export const GITHUB_REPOSITORY = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
// `__proto__` would vanish from an object.
export const VARIABLE_NAME = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_-]{0,254}$/;
// EC2 Auto Scaling: ASCII 33 to 126 without the colon.
const GROUP_NAME = /^[!-9;-~]{1,255}$/;
const TAG_KEY = /^.{1,128}$/;
// Neither a command line nor an environment can carry a NUL.
const ARGUMENT = /^[^\0]{1,1000}$/;
const TAG_WORD = /^[^\s,]{1,256}$/;

const commonImageShape = {
  after: z
    .array(text("imageReference", IMAGE_NAME), ruled("after"))
    .optional()
    .meta({ description: "Images that must be live at their head first.", uniqueItems: true }),
  timeout: text("timeout", DURATION)
    .refine((value) => durationSeconds(value) > 0 && durationSeconds(value) <= LONGEST_SECONDS, ruled("timeout"))
    .optional()
    .meta({ description: "How long one deployment may take.", default: DEFAULTS.timeout, examples: ["45m", "1h30m"] }),
  retries: z
    .int(ruled("retries"))
    .min(0, ruled("retries"))
    .max(10, ruled("retries"))
    .optional()
    .meta({ description: "How often a digest that failed is tried again.", default: DEFAULTS.retries }),
  github: text("githubRepository", GITHUB_REPOSITORY)
    .optional()
    .describe("GitHub repository that reports go to; by default the image's name."),
};

export const terraformShape = {
  kind: z.literal("terraform", ruled("kind")).describe("An image with Terraform code, which is applied."),
  ...commonImageShape,
  state: z.enum(["image", "managed", "store"], ruled("state")).optional().meta({
    description:
      "image: the module has a backend of its own. managed: its backend is in the area's bucket. store: the state is in the folder store/, which is kept in the area's bucket.",
    default: DEFAULTS.state,
  }),
  entrypoint: z
    .array(text("argument", ARGUMENT), ruled("entrypoint"))
    .min(1, ruled("fewArguments"))
    .max(20, ruled("manyArguments"))
    .optional()
    .meta({
      description:
        "Arguments with which the image's own entry point runs, once, instead of Terraform's init, plan and apply. Not with state: managed.",
      examples: [["apply-no-color"]],
    }),
  variables: named(VARIABLE_NAME, z.union([z.string(), z.number(), z.boolean()], ruled("variable")), "variables")
    .optional()
    .describe("Terraform variables, given as TF_VAR_<name>."),
};

export const groupTagShape = {
  tag: text("tagKey", TAG_KEY).describe("Key of a tag of the groups."),
  includes: text("tagWord", TAG_WORD).describe("A word of the tag's value, which is separated by commas or spaces."),
};

export const preferencesShape = {
  minHealthyPercentage: percentage("minHealthy", 0, 100)
    .optional()
    .describe("How much must stay in service; 90 by default."),
  maxHealthyPercentage: percentage("maxHealthy", 100, 200)
    .optional()
    .describe("How much may be in service or starting."),
  instanceWarmup: text("warmup", DURATION)
    .refine((value) => durationSeconds(value) <= LONGEST_SECONDS, ruled("warmup"))
    .optional()
    .meta({ description: "How long a new instance takes until it counts.", examples: ["5m"] }),
};

export const instanceRefreshShape = {
  kind: z.literal("instance-refresh", ruled("kind")).describe("An application image, rolled out by instance refresh."),
  ...commonImageShape,
  groups: z
    .union(
      [
        z
          .array(text("groupName", GROUP_NAME), ruled("groups"))
          .min(1, ruled("fewGroups"))
          .meta({ description: "Names of Auto Scaling groups.", uniqueItems: true }),
        z.strictObject(groupTagShape, ruled("groupTag")).describe("Every group whose tag includes the word."),
      ],
      ruled("groups"),
    )
    .describe("The Auto Scaling groups that run the image."),
  preferences: z
    .strictObject(preferencesShape, ruled("preferences"))
    .optional()
    .meta({
      description: "Preferences of EC2 Auto Scaling's instance refresh; what is left out is left to the service.",
      dependentRequired: { maxHealthyPercentage: ["minHealthyPercentage"] },
    }),
};

export const imageSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject(terraformShape, ruled("terraform")).describe("An image with Terraform code."),
    z.strictObject(instanceRefreshShape, ruled("instanceRefresh")).describe("An application image."),
  ],
  ruled("image"),
);

/** What can be said of an image whose kind is unknown: its other keys may be those of either kind. */
export const imageOfUnknownKindSchema = z
  .strictObject({ ...terraformShape, ...instanceRefreshShape, kind: z.unknown() }, ruled("imageOfUnknownKind"))
  .partial();

function percentage(name: "minHealthy" | "maxHealthy", lowest: number, highest: number): z.ZodInt {
  return z.int(ruled(name)).min(lowest, ruled(name)).max(highest, ruled(name));
}
