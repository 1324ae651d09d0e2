import { shorten } from "./error-block.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { StepRun } from "./run-step.ts";
import { describeStep, MESSAGE_LIMIT, quoteError, type Verdict } from "./verdict.ts";

/** A state that is not where it belongs. */
export interface UnsavedState {
  /** Whether it is safe in the bucket, at `where`. */
  readonly kept: boolean;
  readonly where: string;
  /** What kept it from where it belongs; null where Terraform's own words say so. */
  readonly problem: string | null;
  readonly home: StateHome;
}

/** Where a state belongs. */
export type StateHome =
  /** In the backend that the image has. */
  | { readonly kind: "backend" }
  | { readonly kind: "object"; readonly url: string }
  /** The image keeps it on the instance, which goes. `url`: where `state: store` would have it. */
  | { readonly kind: "none"; readonly url: string };

export function stateUnsaved(run: StepRun, state: UnsavedState): Verdict {
  const why = state.problem === null ? "" : ` (${state.problem})`;
  const said = `${describeStep(run.step)} ran, but the state could not be stored${why}${quoteError(run)}`;
  const code = state.home.kind === "none" ? "no-remote-backend" : "state-unsaved";
  const hint = state.kept ? describePush(state) : describeLoss(state);
  return {
    outcome: "state-unsaved",
    exitCode: exitCodeOf(run.exit),
    failure: { code, message: shorten(said, MESSAGE_LIMIT), hint },
  };
}

/** There was nothing to apply, and the state that says so is not where the next deployment looks for it. */
export function emptyStateUnsaved({ kept, where, problem, home }: UnsavedState): Verdict {
  const said = `there was nothing to apply, but the first state could not be stored (${problem})`;
  const url = home.kind === "backend" ? where : home.url;
  const hint = kept
    ? `nothing was changed; ${fetchFrom(where)}; where ${url} is still not there: aws s3 cp errored.tfstate ${url}; then unblock`
    : `nothing was changed, but the next deployment would miss a state: put one without resources at ${url}, then unblock`;
  return {
    outcome: "state-unsaved",
    exitCode: 0,
    failure: { code: "state-unsaved", message: shorten(said, MESSAGE_LIMIT), hint },
  };
}

/** What to type, in order. Terraform refuses a push of another lineage or an older serial by itself; S3 does not. */
function describePush({ where, home }: UnsavedState): string {
  const fetch = fetchFrom(where);
  const push = `in the module after "terraform init": terraform state push errored.tfstate`;
  switch (home.kind) {
    case "backend":
      return `${fetch}; then, ${push}; then unblock`;
    case "object":
      return `${fetch}; compare its lineage and serial with ${home.url} (the same lineage, a higher serial); then: aws s3 cp errored.tfstate ${home.url}; then unblock`;
    case "none":
      return `${fetch}; then either give the module a remote backend and, ${push}; or ${DECLARE_STORE}, and: aws s3 cp errored.tfstate ${home.url}; then unblock`;
  }
}

/** What a hint begins with where the state is nowhere but in what Terraform has said. */
export const NOT_KEPT = "the state could not be kept either";

function describeLoss({ home }: UnsavedState): string {
  const lost = `${NOT_KEPT}: compare the account with a fresh plan, import what is missing, then unblock`;
  return home.kind === "none" ? `${lost}; give the module a remote backend, or ${DECLARE_STORE}` : lost;
}

const DECLARE_STORE =
  'say "state: store" for this image in the account mapping and let its entry point keep the state in store/';

function fetchFrom(where: string): string {
  return `aws s3 cp ${where} errored.tfstate`;
}
