import { describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../src/index.ts";

const form = "application/x-www-form-urlencoded";

async function post(
  service: string,
  body: string,
  headers: Record<string, string> = {},
  sandbox: Pick<Sandbox, "fetch"> = createSandbox(),
) {
  const scope = `222222222222/20261124/ap-southeast-2/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const answer = await sandbox.fetch("http://sandbox.invalid/", {
    method: "POST",
    headers: { authorization, "content-type": form, ...headers },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

const role = "RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fa&RoleSessionName=s-1";

describe("a form in which a structure stands for a value", () => {
  it.each([
    ["autoscaling", "Action=CreateOrUpdateTags&Version=2011-01-01&Tags.member.x=1"],
    ["autoscaling", "Action=CreateOrUpdateTags&Version=2011-01-01&Tags.x=1"],
    ["sns", "Action=CreateTopic&Version=2010-03-31&Name=a&Attributes.x=1"],
    ["sns", "Action=Publish&Version=2010-03-31&TopicArn.x=1&Message=m"],
    ["autoscaling", "Action.x=1&Version=2011-01-01"],
    ["autoscaling", "Action=DescribeAutoScalingGroups&Version.x=1"],
    ["ec2", "Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1&LaunchTemplate.1.x=1"],
    ["sts", `Action=AssumeRole&Version=2011-06-15&${role}&Policy.x=1`],
    ["sts", `Action=AssumeRole&Version=2011-06-15&${role}&DurationSeconds.x=1`],
    [
      "sts",
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fa&RoleSessionName.x=1",
    ],
  ])("is refused by %s: %s", async (service, body) => {
    expect((await post(service, body)).status).toBe(400);
  });
});

describe("JSON of another type than the action has", () => {
  it.each([
    ["CreateSecret", { Name: "b", SecretString: 7 }],
    ["DeleteSecret", { SecretId: "a", ForceDeleteWithoutRecovery: "true" }],
    ["DeleteSecret", { SecretId: "a", RecoveryWindowInDays: 7.5 }],
  ])("is refused by %s: %j", async (action, body) => {
    const target = (name: string) => ({ "content-type": "application/x-amz-json-1.1", "x-amz-target": `s.${name}` });
    const sandbox = createSandbox();
    const send = (name: string, input: object) => post("secretsmanager", JSON.stringify(input), target(name), sandbox);
    await send("CreateSecret", { Name: "a" });

    expect(await send(action, body)).toMatchObject({ status: 400, text: expect.not.stringContaining("NotFound") });
  });
});

describe("a number or a flag in a form", () => {
  it.each(["0x400", "1e3", "+1000", " 1000", "structure"])("is no session's duration: %s", async (seconds) => {
    const body = `Action=AssumeRole&Version=2011-06-15&${role}&DurationSeconds=${encodeURIComponent(seconds)}`;

    expect((await post("sts", body)).status).toBe(400);
  });

  it.each(["constructor", "__proto__", "1"])("is no flag: %s", async (flag) => {
    const tag = "Tags.member.1.ResourceId=g&Tags.member.1.Key=k&Tags.member.1.Value=v";
    const body = `Action=CreateOrUpdateTags&Version=2011-01-01&${tag}&Tags.member.1.PropagateAtLaunch=${flag}`;

    expect((await post("autoscaling", body)).text).toContain("PropagateAtLaunch");
  });
});

describe("JSON that is nested too deep to be walked through", () => {
  const deep = `{"a":${"[".repeat(9000)}${"]".repeat(9000)}}`;

  it("is no body for AWS", async () => {
    const target = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "x.DescribeRepositories" };

    const answer = await post("ecr", deep, target);

    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("SerializationException") });
  });

  it("is no body for GitHub", async () => {
    const sandbox = createSandbox();
    const url = `${sandbox.github.apiUrl}/repos/AusDTO/dga-web/issues`;

    const answer = await sandbox.fetch(url, { method: "POST", body: deep });

    expect(answer.status).toBe(400);
  });
});
