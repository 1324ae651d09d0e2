import { type ActionContext, AwsFault, type Service } from "../core/service.ts";
import { addSecret, addVersion, type Secret, type SecretVersion, secretsOf } from "./secrets-state.ts";

type Input = Readonly<Record<string, unknown>>;

const DAY_MS = 24 * 60 * 60_000;
/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const LARGEST_BYTES = 65_536;
const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/** AWS Secrets Manager, as far as an application's secrets need it. Nothing rotates by itself. */
export const secretsManagerService: Service = {
  name: "secretsmanager",
  protocol: "json-1.1",
  actions: {
    CreateSecret: createSecret,
    DeleteSecret: deleteSecret,
    DescribeSecret: describeSecret,
    GetSecretValue: getSecretValue,
    PutSecretValue: putSecretValue,
  },
};

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
function createSecret(input: Input, context: ActionContext): unknown {
  const place = placeOf(context);
  const name = textOf(input, "Name") ?? "";
  if (!NAME.test(name)) throw new AwsFault("ValidationException", "Invalid name. Must be a valid name.");
  const existing = secretsOf(place).get(name);
  if (existing !== undefined) throw exists(existing);
  const secret = addSecret(place, name);
  const value = readValue(input);
  if (value === null) return { ARN: secret.arn, Name: name };
  return { ARN: secret.arn, Name: name, VersionId: addVersion(place, secret, value).id };
}

function exists({ name, deletionAt }: Secret): AwsFault {
  return deletionAt === null
    ? new AwsFault("ResourceExistsException", `The operation failed because the secret ${name} already exists.`)
    : invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.");
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
function putSecretValue(input: Input, context: ActionContext): unknown {
  const secret = usable(findSecret(input, context));
  const value = readValue(input);
  if (value === null) throw invalidRequest("You must provide either SecretString or SecretBinary.");
  const { id, stages } = addVersion(placeOf(context), secret, value);
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
function getSecretValue(input: Input, context: ActionContext): unknown {
  const secret = usable(findSecret(input, context));
  const version = findVersion(secret, { id: textOf(input, "VersionId"), stage: textOf(input, "VersionStage") });
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.text,
    SecretBinary: version.binary,
    VersionStages: version.stages,
    CreatedDate: version.createdAt / 1000,
  };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
function describeSecret(input: Input, context: ActionContext): unknown {
  const secret = findSecret(input, context);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secret.createdAt / 1000,
    ...(secret.deletionAt === null ? {} : { DeletedDate: secret.deletionAt / 1000 }),
    VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
  };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
function deleteSecret(input: Input, context: ActionContext): unknown {
  const secret = usable(findSecret(input, context));
  const days = input["RecoveryWindowInDays"] ?? 30;
  const force = input["ForceDeleteWithoutRecovery"] ?? false;
  if (typeof force !== "boolean") {
    throw new AwsFault("SerializationException", "ForceDeleteWithoutRecovery must be a boolean");
  }
  if (typeof days !== "number" || !Number.isInteger(days) || days < 7 || days > 30) {
    throw new AwsFault(
      "InvalidParameterException",
      "RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
    );
  }
  secret.deletionAt = context.clock.now() + (force ? 0 : days * DAY_MS);
  return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletionAt / 1000 };
}

/** By name or ARN; the ARN's six random characters may be left out. Another account's needs a policy, which is not here. */
function findSecret(input: Input, context: ActionContext): Secret {
  const id = textOf(input, "SecretId") ?? "";
  const [, account] = /^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:(\d{12}):secret:/.exec(id) ?? [];
  if (account !== undefined && account !== context.caller.account) {
    const text = `User: ${context.caller.arn} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${id}`;
    throw new AwsFault("AccessDeniedException", text);
  }
  const all = [...secretsOf(placeOf(context)).values()];
  const found = all.find(({ name, arn }) => id === name || id === arn || id === arn.replace(/-[0-9a-f]{6}$/, ""));
  if (found === undefined) throw missing("Secrets Manager can't find the specified secret.");
  return found;
}

function usable(secret: Secret): Secret {
  if (secret.deletionAt === null) return secret;
  throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
}

interface WantedVersion {
  readonly id: string | undefined;
  readonly stage: string | undefined;
}

function findVersion({ versions }: Secret, { id, stage }: WantedVersion): SecretVersion {
  const wantedStage = stage ?? (id === undefined ? "AWSCURRENT" : undefined);
  const found = versions.find(
    (version) =>
      (id === undefined || version.id === id) && (wantedStage === undefined || version.stages.includes(wantedStage)),
  );
  const what = id === undefined ? `staging label: ${wantedStage}` : `VersionId: ${id}`;
  if (found === undefined) throw missing(`Secrets Manager can't find the specified secret value for ${what}`);
  return found;
}

function readValue(input: Input) {
  const text = textOf(input, "SecretString");
  const binary = textOf(input, "SecretBinary");
  if (text !== undefined && binary !== undefined) {
    throw new AwsFault(
      "InvalidParameterException",
      "You can't specify both a binary secret value and a string secret value.",
    );
  }
  if (Buffer.byteLength(text ?? binary ?? "") > LARGEST_BYTES) {
    throw new AwsFault("ValidationException", `the secret value is longer than ${LARGEST_BYTES} bytes`);
  }
  const id = textOf(input, "ClientRequestToken");
  return text === undefined && binary === undefined ? null : { text, binary, id };
}

function missing(message: string): AwsFault {
  return new AwsFault("ResourceNotFoundException", message);
}

function invalidRequest(message: string): AwsFault {
  return new AwsFault("InvalidRequestException", message);
}

function textOf(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw new AwsFault("SerializationException", `${name} must be a string`);
}

function placeOf({ world, clock, caller, region }: ActionContext) {
  return { world, clock, region, account: caller.account };
}
