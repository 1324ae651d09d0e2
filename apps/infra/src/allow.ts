import { PolicyStatement } from "aws-cdk-lib/aws-iam";

/** A statement that allows these actions on these resources. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions: Readonly<Record<string, unknown>> = {},
): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions: { ...conditions } });
}
