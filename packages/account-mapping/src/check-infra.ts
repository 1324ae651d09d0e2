import { brokenRule, brokenValue } from "./broken-rule.ts";
import type { MappingDocument } from "./document.ts";
import { findRepeated } from "./find-repeated.ts";
import type { Finding } from "./finding.ts";
import { INFRA_DEFAULTS } from "./infra-defaults.ts";
import type { Path } from "./path.ts";
import { type Fields, fieldsOf, type Survey, textsOf } from "./survey.ts";

// Graviton has a g after the generation: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
const GRAVITON = /^(?:[a-z]+\d+g[a-z]*(?:-[a-z0-9]+)?|a1)\./;
const LISTS = ["instanceTypes", "applyPolicies", "readers"] as const;

/** What the values of the `infra` blocks say about each other. */
export function checkInfra(document: MappingDocument, survey: Survey): readonly Finding[] {
  const pipeline = fieldsOf(survey.infra["pipeline"]);
  const blocks = survey.areas.map(({ path, fields }) => ({ path: [...path, "infra"], own: fieldsOf(fields["infra"]) }));
  return [
    ...checkBlock(document, ["infra"], survey.infra),
    ...checkArchitecture({ path: ["infra"], own: survey.infra, base: {} }),
    ...findRepeated(document, pipeline["publishers"], ["infra", "pipeline", "publishers"]),
    ...findRepeated(document, fieldsOf(pipeline["githubActions"])["subjects"], [
      ...["infra", "pipeline", "githubActions", "subjects"],
    ]),
    ...blocks.flatMap(({ path, own }) => [
      ...checkBlock(document, path, own),
      ...checkArchitecture({ path, own, base: survey.infra }),
    ]),
  ];
}

function checkBlock(document: MappingDocument, path: Path, block: Fields): readonly Finding[] {
  const network = [...path, "network"];
  return [
    ...LISTS.flatMap((list) => findRepeated(document, block[list], [...path, list])),
    ...findRepeated(document, fieldsOf(block["network"])["subnets"], [...network, "subnets"]),
    ...(hasNetworkForm(block["network"]) ? [] : [brokenValue(document, "networkForm", network)]),
  ];
}

/** True also for what is no object at all, which is the schema's finding. */
function hasNetworkForm(network: unknown): boolean {
  if (typeof network !== "object" || network === null || Array.isArray(network)) return true;
  const { vpc, subnets, cidr } = network as Fields;
  const existing = vpc !== undefined && subnets !== undefined && cidr === undefined;
  return existing || (vpc === undefined && subnets === undefined && cidr !== undefined);
}

interface Block {
  readonly path: Path;
  readonly own: Fields;
  /** What the block goes over. */
  readonly base: Fields;
}

/** Told where the block itself says something of it; an architecture without types takes the architecture's own. */
function checkArchitecture({ path, own, base }: Block): readonly Finding[] {
  const key = ["instanceTypes", "architecture"].find((name) => own[name] !== undefined);
  if (key === undefined) return [];
  const { architecture = INFRA_DEFAULTS.architecture, instanceTypes } = { ...base, ...own };
  if (architecture !== "arm64" && architecture !== "x86_64") return [];
  const strange = textsOf(instanceTypes).find(([, type]) => GRAVITON.test(type) !== (architecture === "arm64"));
  if (strange === undefined) return [];
  const found = `${strange[1]} with architecture ${architecture}`;
  return [brokenRule("typeOfArchitecture", [...path, key], found)];
}
