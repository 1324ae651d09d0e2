import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatMapping } from "@windlass/account-mapping";
import { OPERATOR_ROLE } from "./names.ts";
import type { Organisation } from "./organisation.ts";

/** Who works at the terminal, as every area's account knows them. */
const PERSON = "kim";

export interface Access {
  /** A file of shell variables, to source. */
  readonly file: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Writes what a person needs for `windlass` on a served sandbox: the mapping as it is served, an AWS profile for each area, and
 * a file of shell variables that names both.
 */
export function writeAccess({ mapping, url }: Pick<Organisation, "mapping" | "url">, folder: string): Access {
  const file = (name: string) => join(folder, name);
  const areas = Object.entries(mapping.areas);
  const profiles = areas.map(
    ([name, { account }]) =>
      `[${name}]\naws_access_key_id = ${account}.${OPERATOR_ROLE}.${PERSON}\naws_secret_access_key = sandbox\naws_session_token = sandbox\n`,
  );
  writeFileSync(file("credentials"), profiles.join("\n"));
  writeFileSync(file("config"), "");
  writeFileSync(file("windlass.json"), `${JSON.stringify(formatMapping(mapping), null, 2)}\n`);
  const variables = {
    AWS_ENDPOINT_URL: url,
    AWS_SHARED_CREDENTIALS_FILE: file("credentials"),
    AWS_CONFIG_FILE: file("config"),
    WINDLASS_MAPPING: file("windlass.json"),
    ...Object.fromEntries(areas.map(([name]) => [profileVariable(name), name])),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(file("windlass.env"), lines.join(""));
  return { file: file("windlass.env"), variables };
}

/** As the command line reads it. */
function profileVariable(area: string): string {
  return `WINDLASS_PROFILE_${area.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}
