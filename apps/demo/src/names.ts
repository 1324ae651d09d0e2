/** What the sandbox calls the roles in an area's account. */
export const LAMBDA_ROLE = "windlass-deploy-lambda";
/** What Terraform works with in containers. */
export const APPLY_ROLE = "windlass-apply";
export const INSTANCE_ROLE = "windlass-deploy-instance";
/** Whoever looks at an account without being part of Windlass. */
export const OPERATOR_ROLE = "operator";
