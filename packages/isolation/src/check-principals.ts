import { ESCALATIONS, READ_IMAGE } from "./actions.ts";
import type { Finding } from "./finding.ts";
import { arnParts, hasWildcard } from "./glob.ts";
import { groupBy } from "./group-by.ts";
import { exactly } from "./possible.ts";
import { decide } from "./request.ts";
import type { Selection, Statement } from "./statement.ts";
import { type Account, isPipeline, type Principal, type World } from "./world.ts";

/** What the principals of an account have, beyond what they may have. Bounded ones are for `findBoundaryHoles`. */
export function findExcesses(account: Account, world: World): readonly Finding[] {
  return account.principals.flatMap((principal) => [
    ...findReaches(principal, world),
    ...(principal.boundary === null ? findEscalations(principal, account) : []),
  ]);
}

/** Statements that name something of another account, unless it is for reading images of the pipeline account. */
function findReaches({ identity, account }: Principal, world: World): readonly Finding[] {
  const allows = (identity ?? []).filter(({ effect }) => effect === "Allow");
  return allows.flatMap((statement): readonly Finding[] => {
    const foreign = statement.resources.patterns.filter(
      (arn) => /^\d{12}$/.test(ownerOf(arn)) && ownerOf(arn) !== account,
    );
    const excess = foreign.filter((arn) => !isReading(statement, arn, world));
    if (excess.length === 0 || statement.resources.negated) return [];
    const why = `it is for ${excess.slice(0, 3).join(", ")}, of another account`;
    return [{ code: "reaches-out", ...statement.place, why, hint: "name what is in the principal's own account" }];
  });
}

function ownerOf(arn: string): string {
  return arnParts(arn)[4] ?? "";
}

function isReading({ actions }: Statement, arn: string, { accounts }: World): boolean {
  const pipeline = accounts.filter(isPipeline).some(({ id }) => id === ownerOf(arn));
  const reads = !actions.negated && actions.patterns.every((action) => READ_IMAGE.includes(action));
  return pipeline && reads && arnParts(arn)[2] === "ecr";
}

const HINT = "grant what the role calls and nothing else, or give it a permissions boundary";

function findEscalations({ arn, identity, place }: Principal, account: Account): readonly Finding[] {
  if (identity === null) {
    const why = `${arn} has a managed policy that is in no template, and no permissions boundary`;
    return [{ code: "rights-unknown", ...place, why, hint: "write the policy into the template, or add a boundary" }];
  }
  const actor = { kind: "principal", account: account.id, arn: exactly(arn) } as const;
  const gained = ESCALATIONS.flatMap((action) => {
    const resource = { pattern: "*", except: [] };
    const rights = action === "sts:assumerole" ? identity.filter((one) => !isIntoBoundary(one, account)) : identity;
    const decision = decide(rights, { actor, action: exactly(action), resource, context: {} });
    return decision.kind === "allowed" ? [{ action, by: decision.by }] : [];
  });
  return [...groupBy(gained, ({ by }) => by)].map(([{ place: where }, all]) => {
    const actions = all.map(({ action }) => action);
    const why = `${arn} may ${actions.slice(0, 4).join(", ")}${actions.length > 4 ? ` and ${actions.length - 4} more` : ""}`;
    return { code: "can-escalate", ...where, why, hint: HINT };
  });
}

/** Whether all that a statement lets assume are roles of this account with a boundary, named one by one. */
function isIntoBoundary({ actions, resources }: Statement, { principals }: Account): boolean {
  const bounded = principals.filter(({ boundary }) => boundary !== null).map(({ arn }) => arn);
  return isExactly(actions, ["sts:assumerole"]) && isExactly(resources, bounded);
}

function isExactly({ negated, patterns }: Selection<string>, allowed: readonly string[]): boolean {
  return !negated && patterns.every((pattern) => !hasWildcard(pattern) && allowed.includes(pattern));
}
