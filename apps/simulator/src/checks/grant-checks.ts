import granted from "../../../infra/granted-actions.json" with { type: "json" };
import type { Sim } from "../core/sim.ts";
import { LAMBDA_ROLE, RUNNER_ROLE } from "../world/names.ts";

/** Operations that need an action of another name, or none. */
const ACTIONS: Readonly<Record<string, string | null>> = {
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "sts:GetCallerIdentity": null,
};

/** Whatever was called is what the templates allow the caller. */
export function checkGrants({ checks, sandbox }: Sim): void {
  const roles = [
    [LAMBDA_ROLE, granted["windlass-lambda"]],
    [RUNNER_ROLE, granted["windlass-instance"]],
  ] as const;
  for (const [role, actions] of roles) {
    for (const operation of Object.keys(sandbox.calls.count({ role }))) {
      const action = ACTIONS[operation] === undefined ? operation : ACTIONS[operation];
      const fine = action === null || actions.includes(action);
      checks.expect("S15", fine, () => `${role} calls ${operation}, which its role does not allow`);
    }
  }
}
