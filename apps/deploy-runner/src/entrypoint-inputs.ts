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

/**
 * Variables as a file, since an entry point may run Terraform where no `TF_VAR_` reaches it. Terraform reads the text of a
 * list or of a map in a `TF_VAR_` only, and would take the file's word before that: they are not in it.
 */
export function entrypointFiles(assignment: Assignment): Readonly<Record<string, string>> {
  const { area, region, variables } = assignment;
  const plain = Object.entries(variables).filter(([, value]) => !/^\s*[[{]/.test(value));
  const values = { ...Object.fromEntries(plain), area, region };
  return { ".config/windlass.auto.tfvars.json": `${JSON.stringify(values, null, 2)}\n` };
}
