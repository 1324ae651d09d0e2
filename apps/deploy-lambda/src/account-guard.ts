import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { LambdaError } from "./lambda-error.ts";

/** Throws unless the credentials are of the area's account. */
export type AccountGuard = (signal: AbortSignal) => Promise<void>;

/** A process keeps its credentials' account, so one answer is enough for all of its ticks; a failed call is not an answer. */
export function createAccountGuard(sts: STSClient, expected: string): AccountGuard {
  let confirmed = false;
  return async (signal) => {
    if (confirmed) return;
    const found = await readAccount(sts, signal);
    if (found !== expected) throw wrongAccount(expected, found);
    confirmed = true;
  };
}

async function readAccount(sts: STSClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal })).Account;
  } catch (error) {
    throw new LambdaError({
      code: "account-unknown",
      message: `sts:GetCallerIdentity failed: ${error instanceof Error ? error.message : String(error)}`,
      retryable: true,
      cause: error,
    });
  }
}

function wrongAccount(expected: string, found: string | undefined): LambdaError {
  return new LambdaError({
    code: "wrong-account",
    message: "the credentials are of another account than the account mapping's for this area",
    expected,
    found: found ?? "no account",
    hint: "deploy this area's stack to the account that the mapping names, or correct the mapping",
  });
}
