import { type AccountTemplate, checkIsolation, type FindingCode, type IsolationReport } from "../../src/index.ts";

export const PIPELINE = "111111111111";
export const SCRATCH = "222222222222";
export const PRODUCTION = "444444444444";
export const REGION = "ap-southeast-2";

export type Resources = Readonly<Record<string, object>>;

const stack = (account: string, role: AccountTemplate["role"], Resources: Resources): AccountTemplate => {
  const name = role.kind === "pipeline" ? "windlass-pipeline" : `windlass-area-${role.area}`;
  return { account, region: REGION, stack: name, role, template: { Resources } };
};

/** A pipeline account and two areas, each with these resources. */
export function organisation(parts: {
  readonly pipeline?: Resources;
  readonly scratch?: Resources;
  readonly production?: Resources;
}): readonly AccountTemplate[] {
  return [
    stack(PIPELINE, { kind: "pipeline" }, parts.pipeline ?? {}),
    stack(SCRATCH, { kind: "area", area: "scratch" }, parts.scratch ?? {}),
    stack(PRODUCTION, { kind: "area", area: "production" }, parts.production ?? {}),
  ];
}

export function check(parts: Parameters<typeof organisation>[0]): IsolationReport {
  return checkIsolation(organisation(parts));
}

export function codesOf({ findings }: IsolationReport): readonly FindingCode[] {
  return findings.map(({ code }) => code);
}

export function policy(...Statement: readonly object[]): object {
  return { Version: "2012-10-17", Statement };
}

export function allow(Action: string | readonly string[], more: object = {}): object {
  return { Effect: "Allow", Action, ...more };
}

export const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });

/** A role that EC2 may have, with this policy. */
export function role(RoleName: string, more: object = {}): object {
  const trust = policy(allow("sts:AssumeRole", { Principal: { Service: "ec2.amazonaws.com" } }));
  return { Type: "AWS::IAM::Role", Properties: { RoleName, AssumeRolePolicyDocument: trust, ...more } };
}

export const granting = (...statements: readonly object[]) => ({
  Policies: [{ PolicyName: "own", PolicyDocument: policy(...statements) }],
});
