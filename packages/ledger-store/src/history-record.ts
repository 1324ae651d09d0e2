import { type Deployment, emptyLedger, parseLedger } from "@windlass/deployment";
import { WindlassError } from "@windlass/windlass-error";
import type { ParsedRecord } from "./record.ts";

/** A deployment of the history is what a ledger once held, so it is read as the only one of a ledger. */
export function parseDeployment(text: string): ParsedRecord<Deployment> {
  const scope = { workload: "history", area: "history", account: "history" };
  const id = readId(text);
  if (id === null) return { kind: "invalid", problem: "expected a deployment with an id as JSON" };
  const ledger = JSON.stringify({ ...emptyLedger(scope, new Date(0)), deployments: { [id]: JSON.parse(text) } });
  try {
    const [deployment] = Object.values(parseLedger(ledger, scope).deployments);
    return deployment === undefined
      ? { kind: "invalid", problem: "expected a deployment" }
      : { kind: "value", value: deployment };
  } catch (error) {
    if (error instanceof WindlassError) return { kind: "invalid", problem: error.found ?? error.message };
    throw error;
  }
}

function readId(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string"
      ? value.id
      : null;
  } catch {
    return null;
  }
}
