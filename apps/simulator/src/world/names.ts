/** Who and what the simulated area is. */
export const REGION = "ap-southeast-2";
export const REGISTRY_ACCOUNT = "111111111111";
export const ACCOUNT = "222222222222";
export const AREA = "scratch";
export const BUCKET = "windlass-state-222222222222";
export const CONFIG_BUCKET = "windlass-config-222222222222";
export const DEPLOY_GROUP = "windlass-deploy";
export const LAMBDA_ROLE = "windlass-deploy-lambda";
export const RUNNER_ROLE = "windlass-instance";
export const ORGANIZATION = "AusDTO";
export const SECRET = "windlass/github-app";
export const TOPICS = ["start", "finished", "error"] as const;

export function topicArn(topic: (typeof TOPICS)[number]): string {
  return `arn:aws:sns:${REGION}:${ACCOUNT}:${topic}`;
}

/** What must never be seen outside of the account; one of them in two parts on two lines of output. */
export const CANARIES = ["canary-5f2c9e-token", "canary-a81b-password"] as const;
