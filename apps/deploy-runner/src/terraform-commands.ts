import type { Assignment } from "@windlass/deployment";
import type { Step } from "./engine.ts";
import { entrypointEnvironment, entrypointFiles } from "./entrypoint-inputs.ts";
import type { RunSettings } from "./ports.ts";
import { STATE_FILE, STORE_FOLDER } from "./store-files.ts";

/** What the programs are given, step by step. The plan that is applied is the plan that was shown. */
export interface TerraformCommands {
  args(step: Step): readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Files to be laid over the module, by name. */
  readonly files: Readonly<Record<string, string>>;
}

const PLAN_FILE = "windlass.tfplan";

export function terraformCommands(settings: RunSettings, assignment: Assignment): TerraformCommands {
  const lock = `-lock-timeout=${settings.timings.lock}s`;
  const backend = assignment.state === "managed" ? managedBackend(settings, assignment) : [];
  const args: Readonly<Record<Step, readonly string[]>> = {
    // Reconfigure: what a developer's own init left in the module must not ask for a migration.
    init: ["init", "-input=false", "-no-color", "-reconfigure", ...backend.map((entry) => `-backend-config=${entry}`)],
    plan: ["plan", "-input=false", "-no-color", lock, `-out=${PLAN_FILE}`],
    show: ["show", "-json", "-no-color", PLAN_FILE],
    apply: ["apply", "-input=false", "-no-color", lock, PLAN_FILE],
    unlock: ["force-unlock", "-force"],
    entrypoint: assignment.entrypoint ?? [],
  };
  return {
    args: (step) => args[step],
    environment: environmentFor(assignment),
    files: assignment.entrypoint === null ? overrideFor(assignment) : entrypointFiles(assignment),
  };
}

/** An override file replaces the module's own backend, whatever it is. */
function overrideFor({ state }: Assignment): Readonly<Record<string, string>> {
  switch (state) {
    case "image":
      return {};
    case "managed":
      return { "windlass_override.tf": 'terraform {\n  backend "s3" {}\n}\n' };
    case "store":
      return {
        "windlass_override.tf": `terraform {\n  backend "local" {\n    path = "${STORE_FOLDER}/${STATE_FILE}"\n  }\n}\n`,
      };
  }
}

/** Needs Terraform or OpenTofu 1.10, the first with locks in S3 itself. */
function managedBackend({ stateBucket, region, endpointUrl }: RunSettings, { image }: Assignment): readonly string[] {
  const entries = [
    `bucket=${stateBucket}`,
    `key=state/${image}.tfstate`,
    `region=${region}`,
    "use_lockfile=true",
    "encrypt=true",
  ];
  if (endpointUrl === null) return entries;
  return [
    ...entries,
    "use_path_style=true",
    "skip_metadata_api_check=true",
    "skip_region_validation=true",
    `endpoints={s3="${endpointUrl}",sts="${endpointUrl}"}`,
  ];
}

function environmentFor(assignment: Assignment): Readonly<Record<string, string>> {
  const variables = Object.entries(assignment.variables).map(([name, value]) => [`TF_VAR_${name}`, value] as const);
  return {
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    // Terraform asks its maker for newer versions otherwise.
    CHECKPOINT_DISABLE: "1",
    ...Object.fromEntries(variables),
    TF_VAR_area: assignment.area,
    TF_VAR_region: assignment.region,
    ...(assignment.entrypoint === null ? {} : entrypointEnvironment(assignment)),
  };
}
