import type { AccountMapping } from "@windlass/account-mapping";
import type { AreaOptions } from "./area-options.ts";
import { CliError } from "./cli-error.ts";
import type { Environment } from "./cli-world.ts";
import { requireArea } from "./require-name.ts";

export interface ProfileSource {
  readonly mapping: AccountMapping;
  readonly options: Pick<AreaOptions, "profile">;
  readonly env: Environment;
}

/**
 * The AWS profile of an area: the option for this area, the option for all, `WINDLASS_PROFILE_<AREA>`,
 * `WINDLASS_PROFILE`. Null: the AWS SDK chooses, by `AWS_PROFILE` for instance.
 */
export function profileOf(area: string, { mapping, options, env }: ProfileSource): string | null {
  const given = (options.profile ?? []).map((text) => parseProfile(text, mapping));
  const own = given.findLast((one) => one.area === area) ?? given.findLast((one) => one.area === null);
  const fromEnv = env[profileVariable(area)] || env["WINDLASS_PROFILE"];
  return own?.profile ?? (fromEnv || null);
}

/** The environment variable with an area's profile. */
export function profileVariable(area: string): string {
  return `WINDLASS_PROFILE_${area.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

interface GivenProfile {
  /** Null: of all areas. */
  readonly area: string | null;
  readonly profile: string;
}

function parseProfile(text: string, mapping: AccountMapping): GivenProfile {
  const at = text.indexOf("=");
  const [area, profile] = at < 0 ? [null, text] : [text.slice(0, at), text.slice(at + 1)];
  if (profile !== "" && area !== "") {
    return { area: area === null ? null : requireArea(mapping, area).name, profile };
  }
  throw new CliError({
    code: "options-wrong",
    message: "--profile names no profile",
    expected: "--profile <profile>, or --profile <area>=<profile>",
    found: JSON.stringify(text),
  });
}
