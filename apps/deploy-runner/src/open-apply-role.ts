import type { STSClient } from "@aws-sdk/client-sts";
import type { Assignment } from "@windlass/deployment";
import type { Config } from "./config.ts";
import { type ApplyRole, createApplyRole } from "./credentials/apply-role.ts";
import { sessionPolicy } from "./credentials/session-policy.ts";
import type { RunnerLog } from "./ports.ts";

/** The role that Terraform works with in one deployment; null where it works with the runner's own credentials. */
export type ApplyRoleFor = (assignment: Assignment) => ApplyRole | null;

/** One role, and one set of credentials, however often it is asked for: there is one deployment in a runner's life. */
export function openApplyRole(config: Config, client: STSClient, log: RunnerLog): ApplyRoleFor {
  const { applyRole: arn, stateBucket, region } = config;
  let opened: ApplyRole | null = null;
  return ({ deployment, image, state }) => {
    if (arn === null) return null;
    const policy = sessionPolicy({ stateBucket, region, image, state });
    opened ??= createApplyRole({ client, arn, session: deployment, policy, log, now: () => Date.now() });
    return opened;
  };
}
