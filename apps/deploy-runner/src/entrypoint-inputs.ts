import type { Assignment } from "@windlass/deployment";

/**
 * What an image that brings an entry point of its own finds in its environment. Windlass tries again by itself, with a
 * fresh plan and a record of each attempt: an entry point that repeats gets one attempt.
 */
export function entrypointEnvironment(assignment: Assignment): Readonly<Record<string, string>> {
  const { area, account, region, repository, github, workload } = assignment;
  return {
    AREA: area,
    ACCOUNT_ID: account,
    REGION: region,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    GIT_REPO: github?.repository ?? repository,
    DEPARTMENT: github?.organization ?? workload,
    ATTEMPTS: "1",
    PAUSE: "10",
  };
}

/** Variables as a file, since an entry point may run Terraform where no `TF_VAR_` reaches it. */
export function entrypointFiles(assignment: Assignment): Readonly<Record<string, string>> {
  const { area, region, variables } = assignment;
  const values = { ...variables, area, region };
  return { ".config/windlass.auto.tfvars.json": `${JSON.stringify(values, null, 2)}\n` };
}
