import { createHash } from "node:crypto";

/** A unique id as IAM makes them, always the same for the same name. */
export function stableId(prefix: "AIDA" | "AROA", name: string): string {
  const digest = createHash("sha256").update(name).digest("hex").toUpperCase();
  return `${prefix}${digest.slice(0, 17)}`;
}
