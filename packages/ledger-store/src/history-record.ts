import { type Deployment, deploymentSchema } from "@windlass/deployment";
import * as z from "zod";
import { type ParsedRecord, parseRecord, serializeRecord } from "./record.ts";

/** The schema's version comes first in the file, so that a later Windlass can read what this one wrote. */
const historySchema = z.strictObject({ schema: z.literal(1), deployment: deploymentSchema });

/** `history/<yyyy>/<mm>/<deployment>.json`. */
export function serializeDeployment(deployment: Deployment): string {
  return serializeRecord({ schema: 1, deployment });
}

export function parseDeployment(text: string): ParsedRecord<Deployment> {
  const parsed = parseRecord(text, historySchema);
  return parsed.kind === "invalid" ? parsed : { kind: "value", value: parsed.value.deployment };
}
