import type { Finding } from "./finding.ts";
import { hasWildcard } from "./glob.ts";
import { namedBy, type Statement } from "./statement.ts";
import { type Account, isPipeline, nameAccount } from "./world.ts";

/**
 * Roles that trust an identity provider. A target account has none; in the pipeline account each says whom of the
 * provider's people it means, since a provider such as GitHub's serves everybody.
 */
export function findFederations(account: Account): readonly Finding[] {
  return account.resources.flatMap(({ policy }) =>
    policy.filter(isFederated).flatMap((statement): readonly Finding[] => {
      if (isPipeline(account) && namesSubject(statement)) return [];
      const providers = namedBy(statement)
        .map(({ value }) => value)
        .join(", ");
      const why = isPipeline(account)
        ? `everybody whom ${providers} knows may come in`
        : `whom ${providers} knows may come into ${nameAccount(account)}`;
      const hint =
        "name the audience and the subjects with StringEquals or StringLike, none of which begins with a wildcard";
      return [{ code: "open-to-federation", ...statement.place, why, hint }];
    }),
  );
}

function isFederated(statement: Statement): boolean {
  return statement.effect === "Allow" && namedBy(statement).some(({ type }) => type === "Federated");
}

/** The part of a subject before its first wildcard must say whose it is, such as `repo:<organization>/`. */
function namesSubject({ conditions }: Statement): boolean {
  const positive = conditions.filter(({ operator, ifExists }) => /^string(equals|like)$/.test(operator) && !ifExists);
  const subjects = positive.filter(({ key }) => key.endsWith(":sub"));
  const named = subjects.some(
    ({ values }) => values.length > 0 && values.every((value) => /^[^*?]+:[^*?]+\//.test(value)),
  );
  const audience = positive.some(({ key, values }) => key.endsWith(":aud") && !values.some(hasWildcard));
  return named && audience;
}
