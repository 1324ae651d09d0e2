import { createHash } from "node:crypto";
import { ECRClient } from "@aws-sdk/client-ecr";
import { virtualClock } from "../../core/clock.ts";
import { createSandbox } from "../../sandbox.ts";

export const pipeline = "111111111111";
export const scratch = "222222222222";
export const start = Date.UTC(2026, 10, 24, 9);

/** A pipeline account with one repository, its own client, and one of another account's role. */
export function createRegistry() {
  const clock = virtualClock(start);
  const sandbox = createSandbox({ clock });
  const registry = sandbox.account(pipeline).ecr();
  registry.createRepository("dga-web");
  const owner = new ECRClient({ ...sandbox.clientConfig({ account: pipeline }), maxAttempts: 1 });
  const foreigner = new ECRClient({
    ...sandbox.clientConfig({ account: scratch, role: "deploy-lambda", session: "tick" }),
    maxAttempts: 1,
  });
  return { clock, sandbox, registry, owner, foreigner };
}

export function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** A manifest that stands for a whole image; each number is another one. */
export function bareManifest(number: number, members: object = {}): string {
  return JSON.stringify({ schemaVersion: 2, layers: [], annotations: { number: String(number) }, ...members });
}
