import type { Sim } from "../core/sim.ts";
import { BUCKET } from "./names.ts";

/** A record of the state bucket as it really is; null where there is none, or none that parses. */
export function readRecord<T>(sim: Sim, key: string): T | null {
  const object = sim.own.s3.read(BUCKET, key);
  if (object === null) return null;
  try {
    return JSON.parse(object.text) as T;
  } catch {
    return null;
  }
}
