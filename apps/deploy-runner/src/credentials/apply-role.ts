import { AssumeRoleCommand, type STSClient, STSServiceException } from "@aws-sdk/client-sts";
import { describeError } from "@windlass/windlass-error";
import type { RunnerLog } from "../ports.ts";
import { RunnerError } from "../runner-error.ts";

/** Temporary credentials of the apply role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** The role that Terraform works with. */
export interface ApplyRole {
  readonly arn: string;
  /**
   * Credentials with a good part of their life before them: renewed when a third of it is left, so that an apply may take
   * many hours. Throws `role-refused` where there are none that are valid.
   */
  credentials(): Promise<RoleCredentials>;
}

export interface ApplyRoleOptions {
  readonly client: STSClient;
  readonly arn: string;
  /** The deployment's id: it shows in CloudTrail for all that Terraform does. */
  readonly session: string;
  readonly policy: string;
  readonly log: RunnerLog;
  now(): number;
}

/** An hour is the most for a role that a role assumes: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const SESSION_SECONDS = 3_600;

export function createApplyRole(options: ApplyRoleOptions): ApplyRole {
  let held: { readonly value: RoleCredentials; readonly renewAt: number } | null = null;
  let renewing: Promise<RoleCredentials> | null = null;

  async function renew(): Promise<RoleCredentials> {
    const before = options.now();
    const value = await assume(options);
    const life = value.expiration.getTime() - before;
    held = { value, renewAt: before + (life * 2) / 3 };
    options.log.info({ role: options.arn, until: value.expiration.toISOString() }, "apply role assumed");
    return value;
  }

  async function credentials(): Promise<RoleCredentials> {
    if (held !== null && options.now() < held.renewAt) return held.value;
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    try {
      return await renewing;
    } catch (error) {
      if (held === null || options.now() >= held.value.expiration.getTime()) throw error;
      options.log.warn({ error: describeError(error) }, "apply role not renewed; its credentials are valid for now");
      return held.value;
    }
  }

  return { arn: options.arn, credentials };
}

async function assume({ client, arn, session, policy }: ApplyRoleOptions): Promise<RoleCredentials> {
  const input = { RoleArn: arn, RoleSessionName: session, DurationSeconds: SESSION_SECONDS, Policy: policy };
  const answer = await client.send(new AssumeRoleCommand(input)).catch((error: unknown) => {
    throw refused(arn, describeCause(error), error);
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw refused(arn, "no credentials");
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

function describeCause(error: unknown): string {
  const text = describeError(error);
  return error instanceof Error && !text.includes(error.name) ? `${error.name}: ${text}` : text;
}

/**
 * STS said no, and will say so again; all else (no answer, trouble of its own) may pass. Throttling is a client's fault,
 * too: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
function isRefusal(cause: unknown): boolean {
  return cause instanceof STSServiceException && cause.$fault === "client" && !/throttl|too ?many/i.test(cause.name);
}

function refused(arn: string, found: string, cause?: unknown): RunnerError {
  return new RunnerError({
    code: "role-refused",
    message: "the apply role could not be assumed, so Terraform would have no credentials",
    where: arn,
    found,
    retryable: cause !== undefined && !isRefusal(cause),
    hint: "the role must trust the instance role, and the instance role must be allowed sts:AssumeRole on it",
    ...(cause === undefined ? {} : { cause }),
  });
}
