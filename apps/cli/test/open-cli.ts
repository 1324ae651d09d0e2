import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import { createSandbox, virtualClock } from "@windlass/sandbox";
import { onTestFinished } from "vitest";
import { runCli } from "../src/run-cli.ts";

export const pipeline = "111111111111";
export const program = fileURLToPath(new URL("../dist/windlass.mjs", import.meta.url));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** A sandbox with the pipeline account's registry, and the command line on it, in a folder with that mapping. */
export function openCli(mapping: string, account = pipeline) {
  const folder = mkdtempSync(join(tmpdir(), "windlass-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "windlass.yaml"), mapping);
  const clock = virtualClock(Date.UTC(2026, 10, 24, 9));
  const sandbox = createSandbox({ clock });
  const registry = sandbox.account(pipeline).ecr();

  async function run(...args: readonly string[]): Promise<Ran> {
    let out = "";
    let error = "";
    const settings = { ...sandbox.clientConfig({ account, role: "jenkins", session: "build" }), maxAttempts: 1 };
    const code = await runCli(args, {
      write: (text) => {
        out += text;
      },
      writeError: (text) => {
        error += text;
      },
      fetch: sandbox.fetch,
      now: () => new Date(clock.now()),
      wait: (ms) => clock.advance(ms),
      cwd: folder,
      terminal: { interactive: false, columns: 80 },
      env: {},
      interrupted: new AbortController().signal,
      openAws: () => {
        throw new Error("no area is needed");
      },
      openSecrets: () => Promise.reject(new Error("no secret is needed")),
      openRegistry: async (region) => ({
        ecr: new ECRClient({ ...settings, region }),
        sts: new STSClient({ ...settings, region }),
      }),
    });
    return { code, out, error };
  }

  return { folder, sandbox, registry, run };
}

/** A mapping with two areas and two images; further keys of its top level. */
export function mappingText(more = ""): string {
  return `version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
${more}
areas:
  staging: { branch: Staging, account: "333333333333", alias: sts-non-prod }
  production:
    branch: Production
    account: "444444444444"
    window: { timezone: Australia/Sydney, hours: "08:00-18:00" }
    freezes: [{ from: 2026-12-20, to: 2027-01-05, reason: end of year }]
images:
  dga-network: { kind: terraform }
  dga-web: { kind: instance-refresh, groups: [dga-web-asg] }
`;
}
