export const region = "ap-southeast-2";
export const pipelineAccount = "111111111111";
export const account = "222222222222";
export const area = "scratch";
export const bucket = "windlass-state-222222222222";
export const deployGroup = "windlass-deploy";
/** A Tuesday, 13:15 in Sydney: within business hours. */
export const start = Date.UTC(2026, 10, 24, 2, 15);
export const lambdaRole = "windlass-deploy";
