import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { createSandbox, type GitHubApp, type NewInstallation, virtualClock } from "../src/index.ts";

export const owner = "AusDTO";
export const repo = "dga-web";
export const sha = "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** GitHub with one App, installed on one repository, and an Octokit that acts as it. */
export function openGitHub(installation: Partial<NewInstallation> = {}) {
  // Octokit's own tokens go by the machine's clock.
  const clock = virtualClock(Date.now());
  const sandbox = createSandbox({ clock });
  const { github } = sandbox;
  const app = github.createApp();
  const repository = github.createRepository(owner, repo, { commits: [sha] });
  const installationId = github.install(app, { owner, ...installation });
  const asInstallation = (options: Partial<AppOptions> = {}) =>
    octokitFor({ fetch: sandbox.fetch, baseUrl: github.apiUrl, app, installationId, ...options });
  const asApp = (options: Partial<AppOptions> = {}) =>
    octokitFor({ fetch: sandbox.fetch, baseUrl: github.apiUrl, app, ...options });
  return { sandbox, clock, github, app, repository, installationId, octokit: asInstallation(), asInstallation, asApp };
}

interface AppOptions {
  readonly fetch: typeof fetch;
  readonly baseUrl: string;
  readonly app: Pick<GitHubApp, "privateKey"> & { readonly id: number | string };
  readonly installationId?: number;
}

function octokitFor({ fetch, baseUrl, app, installationId }: AppOptions): Octokit {
  return new Octokit({
    baseUrl,
    log: quiet,
    request: { fetch },
    authStrategy: createAppAuth,
    auth: {
      appId: app.id,
      privateKey: app.privateKey,
      ...(installationId === undefined ? {} : { installationId }),
      log: quiet,
    },
  });
}

/** What a call that must fail fails with. */
export async function refusalOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    const { status, message, response } = error as Error & {
      status: number;
      response?: { headers: Record<string, string | undefined> };
    };
    return { status, message, headers: response?.headers ?? {} };
  }
  throw new Error("the call did not fail");
}
