export { createRedactor, type RedactionOptions, type Redactor, redactText } from "./redact-text.ts";
