/** Whose crash a step's output shows. */
export type Crash = "provider" | "terraform";

/** Terraform's and OpenTofu's own head of a crash report. */
const TERRAFORM = /TERRAFORM CRASH|OPENTOFU CRASH|^(?:Terraform|OpenTofu) crashed!/m;

/**
 * Terraform's words on a provider that died, with and without the frame around an error. A `panic:` of Go begins its
 * line; one within a line is quoted by somebody.
 */
const PROVIDER =
  /Error: Plugin did not respond|The plugin encountered an error, and failed to respond|Error: The \S+ plugin crashed!|^[╷│╵]?\s*panic: /m;

/** Looks at what Terraform tells on standard error, in whole lines. Null: no crash shows. */
export function findCrash(text: string): Crash | null {
  if (TERRAFORM.test(text)) return "terraform";
  return PROVIDER.test(text) ? "provider" : null;
}
