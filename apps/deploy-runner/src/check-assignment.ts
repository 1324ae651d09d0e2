import type { Assignment } from "@windlass/deployment";
import { describeError, WindlassError } from "@windlass/windlass-error";
import type { Run } from "./ports.ts";
import { retry } from "./retry.ts";
import { RunnerError } from "./runner-error.ts";

/** Reads what this runner is to do. Throws `RunnerError` where there is nothing that it may do. */
export async function readAssignment(run: Run): Promise<Assignment> {
  const { store, settings } = run;
  const where = `runs/${settings.deployment}/assignment.json`;
  // It is written before the group is touched, so it is there; unless the tag is an old one.
  const permanent = (error: unknown) => error instanceof RunnerError;
  return await retry(
    run,
    { what: "read the assignment", seconds: settings.timings.startUp, permanent, signal: settings.stop.signal },
    async () => {
      const reading = await store.readAssignment(settings.deployment);
      switch (reading.kind) {
        case "present":
          return reading.value;
        case "absent":
          throw new RunnerError({ code: "assignment-missing", message: "there is no assignment", where });
        case "invalid":
          throw new RunnerError({ code: "assignment-invalid", message: reading.problem, where });
      }
    },
  );
}

/** Nothing is done with an assignment of another place, nor with credentials of another account. */
export async function guardAccount(run: Run, assignment: Assignment): Promise<void> {
  const { identity, settings } = run;
  const where = `runs/${assignment.deployment}/assignment.json`;
  for (const key of ["deployment", "area", "account", "region"] as const) {
    if (assignment[key] === settings[key]) continue;
    throw new RunnerError({
      code: "assignment-foreign",
      message: `the assignment is for another ${key}`,
      where,
      expected: settings[key],
      found: assignment[key],
    });
  }
  const account = await retry(
    run,
    { what: "ask for its account", seconds: settings.timings.startUp, signal: settings.stop.signal },
    () => identity.account().catch(toRunnerError),
  );
  if (account === settings.account) return;
  throw new RunnerError({
    code: "wrong-account",
    message: `the runner's credentials belong to another account than area "${settings.area}"`,
    expected: settings.account,
    found: account,
    hint: "compare WINDLASS_ACCOUNT and the instance profile with the account mapping; nothing was deployed",
  });
}

/** An SDK's own error says in its name what is wrong. */
function toRunnerError(error: unknown): never {
  if (error instanceof WindlassError) throw error;
  const name = error instanceof Error ? error.name : typeof error;
  throw new RunnerError({
    code: "identity-unreadable",
    message: "AWS STS did not say which account the runner's credentials belong to",
    where: "GetCallerIdentity",
    found: `${name}: ${describeError(error)}`,
    hint: "check the instance profile, the machine's clock and the network path to AWS STS",
    cause: error,
    retryable: true,
  });
}
