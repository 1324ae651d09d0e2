import { Validations } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IConstruct } from "constructs";

/** Says for the wildcards of these statements, one by one, why they can not be narrower. Resources must be plain text. */
export function acknowledgeWildcards(scope: IConstruct, statements: readonly PolicyStatement[], reason: string): void {
  const findings = statements.flatMap(({ actions, resources }) => [
    ...actions.map((action) => `Action::${action}`),
    ...resources.map((resource) => `Resource::${resource}`),
  ]);
  const ids = [...new Set(findings.filter((finding) => finding.includes("*")))];
  Validations.of(scope).acknowledge(...ids.map((finding) => ({ id: `AwsSolutions-IAM5[${finding}]`, reason })));
}
