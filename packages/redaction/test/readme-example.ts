import { createRedactor, redactText } from "@windlass/redaction";

export const whole = redactText('  + password = "hunter2"');
//   + password = [redacted value]

const redactor = createRedactor({ literals: ["a-secret-that-is-known"] });
export const pieces = redactor.push("key AKIAIOSF") + redactor.push("ODNN7EXAMPLE\n") + redactor.end();
// key [redacted AWS access key]
