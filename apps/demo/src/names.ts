/** What the sandbox calls an area's resources. */
export const DEPLOY_GROUP = "windlass-deploy";
export const LAMBDA_ROLE = "windlass-deploy-lambda";
/** What Terraform works with in containers. */
export const APPLY_ROLE = "windlass-apply";
export const INSTANCE_ROLE = "windlass-deploy-instance";
/** Whoever looks at an account without being part of Windlass. */
export const OPERATOR_ROLE = "operator";

export function stateBucketName(workload: string, area: string): string {
  return `windlass-${workload}-${area}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, "-")
    .slice(0, 63);
}
