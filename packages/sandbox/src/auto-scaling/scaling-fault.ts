import { AwsFault } from "../core/service.ts";
import { createFormReader } from "../ec2/form-reader.ts";

/** Auto Scaling has one code for everything that is wrong with a call; only the text tells. */
export function validationError(message: string): AwsFault {
  return new AwsFault("ValidationError", message);
}

export const scalingForm = createFormReader({
  missing: (name) =>
    validationError(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    ),
  invalid: (name, value) => validationError(`Value '${value}' at '${name}' is not valid`),
});

export function groupNotFound(name: string): AwsFault {
  return validationError(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
}

export function memberNotFound(instanceId: string): AwsFault {
  return validationError(`Instance Id not found - No managed instance found for instance ID: ${instanceId}`);
}
