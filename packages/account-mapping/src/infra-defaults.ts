import type { Architecture } from "./infra.ts";

/** What the `infra` blocks need not say, in the file's own words. */
export const INFRA_DEFAULTS = {
  prefix: "windlass",
  cidr: "10.64.0.0/26",
  architecture: "x86_64",
  volume: 30,
  applyPolicies: ["AdministratorAccess"],
  memory: 256,
  logRetention: 90,
  evening: "20:00",
  githubSecret: "windlass/github-app",
  createGithubSecret: false,
  stacks: 1,
  keepBuilds: 200,
} as const;

/** Two generations of each, so that a Zone that is out of one has the other. Terraform wants some 4 GiB of memory. */
export const INSTANCE_TYPES: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ["t3.medium", "t3a.medium"],
  arm64: ["t4g.medium", "m7g.medium"],
};
