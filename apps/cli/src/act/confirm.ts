import type { AccountMapping } from "@windlass/account-mapping";
import { CliError } from "../cli-error.ts";
import type { CliWorld } from "../cli-world.ts";

/**
 * Whether a person is asked before something is done there: in every area but the mapping's first, where development
 * deploys. The mapping's order is that of promotion, and says so better than a name could; a question too many costs a key,
 * one too few a service. A mapping of one area has no such place.
 */
export function isGuarded({ areas }: Pick<AccountMapping, "areas">, area: string): boolean {
  const [first, ...others] = Object.keys(areas);
  return others.length === 0 || area !== first;
}

export interface Confirmation {
  readonly guarded: boolean;
  /** `--yes`. */
  readonly yes: boolean;
  /** Ends in a question. */
  readonly question: string;
}

/** True: go on. Throws `not-confirmed` where nobody can be asked. */
export async function confirm(world: CliWorld, { guarded, yes, question }: Confirmation): Promise<boolean> {
  if (!guarded || yes) return true;
  if (world.confirm !== undefined) return world.confirm(question);
  throw new CliError({
    code: "not-confirmed",
    message: "this area is asked for twice, and there is no terminal to ask at",
    expected: "--yes",
    found: "neither --yes nor a terminal",
    hint: "look with the same command and --dry-run first, then add --yes",
  });
}
