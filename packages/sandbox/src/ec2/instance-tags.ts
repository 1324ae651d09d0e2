import type { AwsFault } from "../core/service.ts";
import { invalidValue } from "./ec2-fault.ts";

/** Tags that instance metadata shows may have only these characters, and not these names (EC2 guide, "View tags"). */
const metadataKey = /^[0-9a-zA-Z\-_+=,.@:]{1,255}$/;
const reserved = [".", "..", "_index"];

/** The error that a launch or a tagging ends with where metadata could not show the key; null where all are fine. */
export function metadataTagFault(keys: Iterable<string>): AwsFault | null {
  for (const key of keys) {
    if (metadataKey.test(key) && !reserved.includes(key)) continue;
    return invalidValue(
      `'${key}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index')`,
    );
  }
  return null;
}
