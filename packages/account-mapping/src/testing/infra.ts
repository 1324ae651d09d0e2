import type { AreaInfra, PipelineInfra } from "../index.ts";

/** An area's infrastructure of which the file says nothing. */
export const defaultInfra: AreaInfra = {
  prefix: "windlass",
  network: { kind: "own", cidr: "10.64.0.0/26" },
  architecture: "x86_64",
  instanceTypes: ["t3.medium", "t3a.medium"],
  volumeGiB: 30,
  applyPolicies: ["AdministratorAccess"],
  readers: [],
  memoryMiB: 256,
  concurrency: null,
  logRetentionDays: 90,
  eveningMinute: 1200,
  githubSecret: "windlass/github-app",
  createGithubSecret: false,
  alarms: null,
  bucket: null,
  deployGroup: null,
};

/** The pipeline account's, likewise. */
export const defaultPipelineInfra: PipelineInfra = {
  publishers: [],
  githubActions: null,
  stacks: 1,
  keepBuilds: 200,
};
