import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Stack {
  readonly account: string;
  readonly template: object;
}

const trust = (principal: object) => ({
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }],
});
const role = (principal: object) => ({
  Resources: {
    Apply: {
      Type: "AWS::IAM::Role",
      Properties: { RoleName: "windlass-apply", AssumeRolePolicyDocument: trust(principal) },
    },
  },
});

/** A template that lets nobody of another account in. */
export const closed = role({ Service: "ec2.amazonaws.com" });
/** A template that trusts the pipeline account. */
export const open = role({ AWS: "arn:aws:iam::111111111111:root" });

/** Writes templates as the CDK does, with `more` artifacts. */
export function writeAssembly(folder: string, stacks: Readonly<Record<string, Stack>>, more: object = {}): void {
  mkdirSync(folder, { recursive: true });
  const artifacts = Object.entries(stacks).map(([id, { account, template }]) => {
    writeFileSync(join(folder, `${id}.template.json`), JSON.stringify(template));
    const properties = { templateFile: `${id}.template.json`, stackName: `windlass-${id}` };
    return [id, { type: "aws:cloudformation:stack", environment: `aws://${account}/ap-southeast-2`, properties }];
  });
  const manifest = { artifacts: { Tree: { type: "cdk:tree" }, ...Object.fromEntries(artifacts), ...more } };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
}
