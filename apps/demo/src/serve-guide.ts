import { areaNames, headSource } from "@windlass/account-mapping";
import type { DemoEngine } from "./engine.ts";
import type { Organisation } from "./organisation.ts";

export interface GuideDetails {
  readonly engine: DemoEngine;
  readonly folder: string;
  readonly tickMs: number;
  /** Shell variables for `windlass`. */
  readonly access: string;
  /** Address of the board, with its token; null without one. */
  readonly board: string | null;
}

/** What a person at a terminal needs to know to use the served sandbox. */
export function describeUse(
  organisation: Organisation,
  { engine, folder, tickMs, access, board }: GuideDetails,
): string {
  const { mapping, url, areas } = organisation;
  const { account, region } = mapping.registry;
  const lines = [
    `The sandbox listens on ${url}; every area ticks each ${tickMs / 1000} s. Ctrl-C ends it.`,
    `${engine.description}. Logs: ${folder}`,
    "",
    ...(board === null ? [] : [`See it on the board: ${board}`, ""]),
    "See it with windlass:",
    "",
    `  . ${access}`,
    "  node apps/cli/dist/windlass.mjs status",
    "",
    "With other tools, an access key id is the account's number; the secret is never checked:",
    "",
    `  export AWS_ENDPOINT_URL=${url} AWS_DEFAULT_REGION=${region} AWS_SECRET_ACCESS_KEY=sandbox`,
    `  export AWS_ACCESS_KEY_ID=${account}    # the pipeline account`,
    ...areas.map(
      ({ name, area, bucket }) =>
        `  export AWS_ACCESS_KEY_ID=${area.account}    # ${name}: bucket ${bucket}, group ${areaNames(area).deployGroup}`,
    ),
    "",
    ...releaseExample(organisation),
  ];
  return `${lines.join("\n")}\n`;
}

function releaseExample({ mapping, areas }: Organisation): readonly string[] {
  const [area] = areas;
  const image = Object.keys(mapping.images).find((name) => mapping.images[name]?.kind === "terraform");
  if (area === undefined || image === undefined) return [];
  const { repository, tag } = headSource(mapping, area.name, image);
  return [
    `Release ${image} to ${area.name}, then read the ledger:`,
    "",
    `  AWS_ACCESS_KEY_ID=${mapping.registry.account} aws ecr put-image --repository-name ${repository} --image-tag ${tag} \\`,
    `    --image-manifest '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[]}'`,
    `  AWS_ACCESS_KEY_ID=${area.area.account} aws s3 cp s3://${area.bucket}/ledger.json -`,
    "",
  ];
}
