import * as z from "zod";
import { areaSchema, areaShape, freezeShape, windowShape } from "./area-schema.ts";
import { DEFAULTS } from "./defaults.ts";
import {
  groupTagShape,
  IMAGE_NAME,
  imageSchema,
  instanceRefreshShape,
  preferencesShape,
  terraformShape,
} from "./image-schema.ts";
import { areaInfraShape, githubActionsShape, infraShape, networkShape, pipelineInfraShape } from "./infra-schema.ts";
import type { RuleName } from "./rules.ts";
import { accountId, named, region, ruled, text } from "./schema-text.ts";
import { TEMPLATE } from "./template.ts";

/**
 * The file form of the mapping: the one source of the parser and of the JSON Schema. The message of every issue is
 * the name of a rule. What one value says about another is checked elsewhere, so that one problem hides no other.
 */

export const MOST_AREAS = 500;
export const MOST_IMAGES = 10_000;

const WORKLOAD = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ORGANIZATION = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const API_URL = /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:\/[^\s?#]*)?$/;
export const AREA_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const registryShape = {
  account: accountId.describe("The pipeline account, in quotes."),
  region: region.describe("The region of its ECR."),
};

const githubShape = {
  organization: text("organization", ORGANIZATION).describe("The organization that owns the images' repositories."),
  apiUrl: text("apiUrl", API_URL)
    .optional()
    .meta({
      description: "Base URL of the REST API; needed for GitHub Enterprise Server only.",
      default: DEFAULTS.apiUrl,
      examples: ["https://github.example.com/api/v3"],
    }),
};

const sourceShape = {
  repository: text("repositoryTemplate", TEMPLATE)
    .optional()
    .meta({
      description: "ECR repository of an image's head. {image}, {area} and {branch} are filled in.",
      default: DEFAULTS.repository,
      examples: ["{image}", "{area}/{image}"],
    }),
  tag: text("tagTemplate", TEMPLATE)
    .optional()
    .meta({
      description: "Tag of an image's head. {image}, {area} and {branch} are filled in.",
      default: DEFAULTS.tag,
      examples: ["{area}", "latest"],
    }),
};

const fileShape = {
  $schema: z.string(ruled("schema")).optional().describe("Where this schema is, for editors of JSON files."),
  version: z.literal(1, ruled("version")).describe("Version of this format."),
  workload: text("workload", WORKLOAD).describe("The whole system that is deployed."),
  registry: z.strictObject(registryShape, ruled("registry")).describe("The pipeline account's ECR."),
  github: z
    .strictObject(githubShape, ruled("github"))
    .optional()
    .describe("Where deployments are reported; without it, nowhere on GitHub."),
  source: z.strictObject(sourceShape, ruled("source")).optional().describe("How an area finds its heads."),
  infra: z
    .strictObject(infraShape, ruled("infra"))
    .optional()
    .describe("What the infrastructure of all areas is made of; an area's own block goes over it, key by key."),
  areas: named(AREA_NAME, areaSchema, "areas")
    .refine((areas) => Object.keys(areas).length > 0, ruled("areas"))
    .refine((areas) => Object.keys(areas).length <= MOST_AREAS, ruled("manyAreas"))
    .meta({ description: "One area for each branch and account.", minProperties: 1, maxProperties: MOST_AREAS }),
  images: named(IMAGE_NAME, imageSchema, "images")
    .refine((images) => Object.keys(images).length <= MOST_IMAGES, ruled("manyImages"))
    .meta({ description: "The images of the workload, by name.", maxProperties: MOST_IMAGES }),
};

export const mappingFileSchema = z.strictObject(fileShape, ruled("file"));

export type MappingFile = z.infer<typeof mappingFileSchema>;

/** The keys that each object takes, by the name of the object's rule. */
export const knownKeys = {
  file: Object.keys(fileShape),
  registry: Object.keys(registryShape),
  github: Object.keys(githubShape),
  source: Object.keys(sourceShape),
  infra: Object.keys(infraShape),
  pipelineInfra: Object.keys(pipelineInfraShape),
  githubActions: Object.keys(githubActionsShape),
  areaInfra: Object.keys(areaInfraShape),
  network: Object.keys(networkShape),
  area: Object.keys(areaShape),
  window: Object.keys(windowShape),
  freeze: Object.keys(freezeShape),
  terraform: Object.keys(terraformShape),
  instanceRefresh: Object.keys(instanceRefreshShape),
  imageOfUnknownKind: [...new Set([...Object.keys(terraformShape), ...Object.keys(instanceRefreshShape)])],
  groupTag: Object.keys(groupTagShape),
  preferences: Object.keys(preferencesShape),
} satisfies Readonly<Partial<Record<RuleName, readonly string[]>>>;

export type ObjectName = keyof typeof knownKeys;
