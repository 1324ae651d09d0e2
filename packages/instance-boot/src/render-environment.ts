import type { BootOptions } from "./boot-options.ts";

/** The runner's environment, as systemd's `EnvironmentFile` reads it. Nothing in it is secret. */
export function renderEnvironment(options: BootOptions): string {
  return `WINDLASS_AREA=${options.area}
WINDLASS_ACCOUNT=${options.account}
AWS_REGION=${options.region}
WINDLASS_STATE_BUCKET=${options.stateBucket}
WINDLASS_DEPLOY_GROUP=${options.deployGroup}
WINDLASS_WORK_DIRECTORY=/var/lib/windlass
WINDLASS_ENGINE=${options.engine}
WINDLASS_APPLY_ROLE=${options.applyRole}
`;
}
