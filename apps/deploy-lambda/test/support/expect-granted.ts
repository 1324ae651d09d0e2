import { readFileSync } from "node:fs";
import type { Sandbox } from "@windlass/sandbox";
import { expect, onTestFinished } from "vitest";

/** What the templates of `apps/infra` let each role call; held up to date there. */
const file = new URL("../../../infra/granted-actions.json", import.meta.url);
const granted = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, readonly string[]>>;

/** Operations that need an action of another name, or none. */
const ACTIONS: Readonly<Record<string, string | null>> = {
  "s3:HeadObject": "s3:GetObject",
  "s3:ListObjectsV2": "s3:ListBucket",
  "sts:GetCallerIdentity": null,
  "ecr:CheckLogin": null,
  "ecr:CheckBlob": "ecr:GetDownloadUrlForLayer",
  "ecr:PullBlob": "ecr:GetDownloadUrlForLayer",
  "ecr:PullManifest": "ecr:BatchGetImage",
};

/** Lets the running test fail at its end where a role of its world called what its namesake in the templates may not. */
export function expectGranted(sandbox: Sandbox, worldRole: string, role: string): void {
  if (expect.getState().currentTestName === undefined) return;
  onTestFinished(() => expect(callsNotGranted(sandbox, worldRole, role)).toEqual([]));
}

/** What a role of a world has called, since the world began, that its namesake in the templates may not. */
export function callsNotGranted(sandbox: Sandbox, worldRole: string, role: string): readonly string[] {
  return notGranted(sandbox.calls.names({ role: worldRole }), [role]);
}

/** Of these operations, such as `s3:ListObjectsV2`, those that none of the roles may call. */
export function notGranted(operations: readonly string[], roles: readonly string[]): readonly string[] {
  const allowed = roles.flatMap((role) => granted[role] ?? []);
  return operations.filter((name) => {
    const action = ACTIONS[name] === undefined ? name : ACTIONS[name];
    return action !== null && !name.startsWith("github:") && !allowed.includes(action);
  });
}
