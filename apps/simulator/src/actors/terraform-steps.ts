import type { StepExit } from "@windlass/deploy-runner";
import { beginApply, endApply } from "../world/apply-truth.ts";
import { CANARIES } from "../world/names.ts";
import type { Apply } from "../world/truth.ts";
import { isLocked, lock, refuseLocked, unlock } from "./terraform-lock.ts";
import { exited, fail, type StepStage } from "./terraform-stage.ts";

const STORE_STATE = "store/terraform.tfstate";

export async function playInit(stage: StepStage): Promise<StepExit> {
  await stage.sleep(2);
  if (stage.build.nature === "fails-init") return fail(stage, "Failed to query available provider packages");
  stage.files.set(".terraform/terraform.tfstate", JSON.stringify({ backend: { type: "s3" } }));
  stage.out("Terraform has been successfully initialized!\n");
  return exited(0);
}

export async function playPlan(stage: StepStage, args: readonly string[]): Promise<StepExit> {
  const { state, job, sim, plans } = stage;
  plans.last = null;
  if (isLocked(stage)) return await refuseLocked(stage);
  lock(stage);
  await stage.sleep(sim.random.chance(0.2) ? sim.random.int(20, 200) : sim.random.int(2, 20));
  unlock(state, job);
  if (stage.interrupted()) return fail(stage, "Interrupted");
  if (stage.build.nature === "fails-plan") return fail(stage, `Invalid value for variable: password = ${CANARIES[1]}`);
  keepPlan(stage, args);
  stage.out(stage.build.nature === "noop" ? "No changes.\n" : "Plan: 2 to add, 0 to change, 0 to destroy.\n");
  return exited(0);
}

/** Without `-out` nothing is kept that could be applied. */
function keepPlan({ plans, files, job, build }: StepStage, args: readonly string[]): void {
  const file = args.find((arg) => arg.startsWith("-out="))?.slice("-out=".length);
  if (file === undefined) return;
  plans.made += 1;
  plans.last = { file, text: `plan ${plans.made} of ${job.deployment} for ${build.digest}` };
  files.set(file, plans.last.text);
}

/** The file that a step is given is what this workspace's last plan left in it. */
function isLastPlan({ plans, files }: StepStage, args: readonly string[]): boolean {
  const file = args.slice(1).findLast((arg) => !arg.startsWith("-"));
  return plans.last !== null && plans.last.file === file && files.get(file) === plans.last.text;
}

export function playShow(stage: StepStage, args: readonly string[]): StepExit {
  const { build, out, sim, job } = stage;
  sim.checks.expect("S9", isLastPlan(stage, args), () => `${job.deployment} shows another plan: ${args.join(" ")}`);
  const changes = build.nature === "noop" ? 0 : 2;
  const resource_changes = Array.from({ length: changes }, () => ({ change: { actions: ["create"] } }));
  out(JSON.stringify({ resource_changes, applyable: changes > 0 }));
  if (changes === 0) sim.truth.noops.set(job.deployment, build.digest);
  return exited(0);
}

/** With an entry point there is no plan of ours: it makes its own. */
export async function playApply(stage: StepStage, args: readonly string[] | null): Promise<StepExit> {
  const { sim, job, build } = stage;
  if (isLocked(stage)) return await refuseLocked(stage);
  if (args !== null) {
    const given = () => `${job.deployment} applies something else than the last plan: ${args.join(" ")}`;
    sim.checks.expect("S9", isLastPlan(stage, args), given);
  }
  const apply = beginApply(sim, {
    deployment: job.deployment,
    image: build.image,
    digest: build.digest,
    instance: job.instance,
    nonce: job.nonce,
    serial: job.keeping === "store" ? serialIn(stage.files) : null,
  });
  stage.holds(apply);
  lock(stage);
  const parts = Math.max(1, Math.ceil(build.applySeconds / 30));
  for (let part = 0; part < parts && !stage.interrupted(); part += 1) {
    await stage.sleep(build.applySeconds / parts);
    spill(stage, part);
  }
  return endOf(stage, apply);
}

function endOf(stage: StepStage, apply: Apply): StepExit {
  const { sim, state, job, build } = stage;
  const whose = `terraform of ${job.deployment}`;
  if (sim.chaos.draws("out-of-memory")) {
    sim.chaos.struck("out-of-memory", `the kernel kills ${whose}`);
    endApply(sim, apply, "killed");
    return { kind: "killed", signal: "SIGKILL", outOfMemory: true };
  }
  state.serial += 1;
  if (sim.chaos.draws("provider-crashes")) {
    sim.chaos.struck("provider-crashes", `a provider of ${whose} crashes after its effect`);
    endApply(sim, apply, "crashed");
    keepState(stage);
    unlock(state, job);
    stage.err("Error: Plugin did not respond\n\nThe plugin encountered an error, and failed to respond\n");
    return exited(1);
  }
  const expired = sim.chaos.draws("credentials-expire");
  if (expired) sim.chaos.struck("credentials-expire", `the credentials of ${whose} have ended`);
  const denied = job.keeping !== "store" && !expired && sim.chaos.draws("state-not-stored");
  if (denied) sim.chaos.struck("state-not-stored", `${whose} can not store its state`);
  if (job.keeping !== "store" && (expired || denied)) {
    endApply(sim, apply, "unsaved");
    // With credentials that have ended the lock can not be released, either.
    if (!expired) unlock(state, job);
    stage.files.set("errored.tfstate", stateText(state.serial));
    stage.err(`Error: Failed to save state\n\n${expired ? "ExpiredToken: the token has expired" : "AccessDenied"}\n`);
    return exited(1);
  }
  keepState(stage);
  unlock(state, job);
  const failed = stage.interrupted() || expired || build.nature === "fails-apply";
  endApply(sim, apply, failed ? "failed" : "succeeded");
  if (failed) return fail(stage, `creating a thing: it said no to ${CANARIES[0]}`);
  stage.out("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.\n");
  return exited(0);
}

function keepState({ files, state, job }: StepStage): void {
  if (job.keeping === "store") files.set(STORE_STATE, stateText(state.serial));
}

export function stateText(serial: number): string {
  return `${JSON.stringify({ version: 4, terraform_version: "1.11.4", serial, lineage: "a-lineage", outputs: {}, resources: [] })}\n`;
}

function serialIn(files: ReadonlyMap<string, string>): number {
  const text = files.get(STORE_STATE);
  return text === undefined ? 0 : (JSON.parse(text) as { readonly serial: number }).serial;
}

/** Progress, and what providers say that they should not. */
function spill({ sim, job, out, err }: StepStage, part: number): void {
  out(`terraform_data.part${part}: Creation complete after 30s [id=part${part}]\n`);
  if (!sim.chaos.draws("canaries")) return;
  sim.chaos.struck("canaries", `terraform of ${job.deployment} says its secrets`);
  const [token, password] = CANARIES;
  out(`token = "${token.slice(0, 9)}`);
  out(`${token.slice(9)}"\n`);
  err(`Warning: password ${password} is deprecated\n`);
}
