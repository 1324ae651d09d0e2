import type { GitHubAnswer, GitHubCall } from "./github-call.ts";
import { rateLimit } from "./rate-limits.ts";
import { authenticateInstallation } from "./repository-access.ts";

/** Anybody may ask: https://docs.github.com/en/rest/meta/meta#get-github-meta-information */
export function getMeta(): GitHubAnswer {
  return {
    status: 200,
    body: { verifiable_password_authentication: false, api: ["192.0.2.0/24"], web: ["192.0.2.0/24"] },
  };
}

/** Asking costs nothing: https://docs.github.com/en/rest/rate-limit/rate-limit */
export function getRateLimit(call: GitHubCall): GitHubAnswer {
  const { state, authorization, now } = call;
  const installation = authorization === undefined ? null : authenticateInstallation(call).installation.id;
  const core = rateLimit(state, installation, now);
  const search = { limit: 30, used: 0, remaining: 30, reset: Math.ceil(now / 1000) + 60 };
  return { status: 200, body: { resources: { core, search }, rate: core } };
}
