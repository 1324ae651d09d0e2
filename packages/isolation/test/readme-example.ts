import { checkIsolation } from "@windlass/isolation";

const trusting = {
  Resources: {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: "deploy",
        AssumeRolePolicyDocument: {
          Statement: {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: "arn:aws:iam::111111111111:root" },
          },
        },
      },
    },
  },
};
const place = { region: "ap-southeast-2", role: { kind: "area", area: "production" } } as const;

export const { findings, examined } = checkIsolation([
  {
    account: "111111111111",
    region: "ap-southeast-2",
    stack: "pipeline",
    role: { kind: "pipeline" },
    template: { Resources: {} },
  },
  { account: "444444444444", stack: "production", template: trusting, ...place },
]);
// findings[0].code: "open-to-account"
