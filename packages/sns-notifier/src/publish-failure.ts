import { redactText } from "@windlass/redaction";
import { SnsNotifierError, type SnsNotifierErrorCode } from "./sns-notifier-error.ts";

interface Failure {
  readonly code: SnsNotifierErrorCode;
  readonly hint?: string;
  readonly retryable?: boolean;
}

/** SNS's own codes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors */
const BY_NAME: Readonly<Record<string, Failure>> = {
  NotFoundException: { code: "topic-unknown", hint: "check that the topic exists in the area's account and region" },
  AuthorizationErrorException: { code: "access-denied", hint: "allow the function's role sns:Publish on the topic" },
  AccessDenied: { code: "access-denied", hint: "allow the function's role sns:Publish on the topic" },
  KMSAccessDeniedException: { code: "access-denied", hint: "allow the function's role to use the topic's KMS key" },
  InvalidParameterException: { code: "message-refused" },
  InvalidParameterValueException: { code: "message-refused" },
  ThrottledException: { code: "throttled", retryable: true },
  KMSThrottlingException: { code: "throttled", retryable: true },
};

export function publishFailure(error: unknown, topicArn: string): SnsNotifierError {
  const name = error instanceof Error ? error.name : "";
  const { code, hint, retryable } = BY_NAME[name] ?? { code: "unavailable" as const, retryable: true };
  return new SnsNotifierError({
    code,
    message: `the message was not published: ${redactText(error instanceof Error ? error.message : String(error))}`,
    where: topicArn,
    hint,
    retryable,
    cause: error,
  });
}
