import type { Sandbox } from "@windlass/sandbox";
import { callsNotGranted } from "../../../deploy-lambda/test/support/expect-granted.ts";
import { lambdaRole } from "../../../deploy-lambda/test/support/names.ts";
import { INSTANCE_ROLE } from "./records.ts";

const ROLES = [
  [INSTANCE_ROLE, "windlass-instance"],
  [lambdaRole, "windlass-lambda"],
] as const;

/** What the runner or the deploy Lambda of this world has called that its role in the templates may not. */
export function listNotGranted(sandbox: Sandbox): readonly string[] {
  return ROLES.flatMap(([worldRole, role]) =>
    callsNotGranted(sandbox, worldRole, role).map((call) => `${role} is not granted ${call}`),
  );
}
