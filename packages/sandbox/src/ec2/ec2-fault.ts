import { AwsFault } from "../core/service.ts";
import { createFormReader } from "./form-reader.ts";

/** EC2's own wording for parameters. */
export const ec2Form = createFormReader({
  missing: (name) => new AwsFault("MissingParameter", `The request must contain the parameter ${name}`),
  invalid: (name, value) => invalidValue(`Value (${value}) for parameter ${name} is invalid.`),
});

export function invalidValue(message: string): AwsFault {
  return new AwsFault("InvalidParameterValue", message);
}

/** What EC2 says when it has forgotten instances, or never knew them. */
export function instanceNotFound(ids: readonly string[]): AwsFault {
  const message =
    ids.length === 1
      ? `The instance ID '${ids[0]}' does not exist`
      : `The instance IDs '${ids.join(", ")}' do not exist`;
  return new AwsFault("InvalidInstanceID.NotFound", message);
}
