import { describe, expect, it } from "vitest";
import { exampleWith, onlyResource, resourcesOf, roleNamed, synthesize, type Template } from "./support/templates.ts";

const { templates } = synthesize(exampleWith());
const area = templates["area-production"] as Template;
const ACCOUNT = "444444444444";

function statementsOf(role: string): readonly { readonly Action: string | string[]; readonly Resource: unknown }[] {
  const policies: readonly { PolicyDocument: { Statement: [] } }[] = roleNamed(area, role).Properties.Policies;
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function actionsOf(role: string): readonly string[] {
  return [...new Set(statementsOf(role).flatMap(({ Action }) => Action))].sort();
}

describe("the deploy instance", () => {
  const template = onlyResource(area, "AWS::EC2::LaunchTemplate").Properties.LaunchTemplateData;

  it("has instance metadata by token alone, one hop away, with tags", () => {
    expect(template.MetadataOptions).toEqual({
      HttpEndpoint: "enabled",
      HttpTokens: "required",
      HttpPutResponseHopLimit: 1,
      InstanceMetadataTags: "enabled",
    });
  });

  it("has an encrypted volume, and ends when it shuts down", () => {
    expect(template.BlockDeviceMappings).toMatchObject([
      { Ebs: { Encrypted: true, DeleteOnTermination: true, VolumeSize: 30 } },
    ]);
    expect(template.InstanceInitiatedShutdownBehavior).toBe("terminate");
  });

  it("runs the Amazon Linux of its architecture, and boots with the programs of this app", () => {
    expect(template.ImageId).toBe("resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64");
    const script: string = template.UserData["Fn::Base64"];
    expect(script).toContain(`WINDLASS_APPLY_ROLE=arn:aws:iam::${ACCOUNT}:role/windlass-apply`);
    expect(script).toMatch(/RUNNER_SHA256='[0-9a-f]{64}'/);
    // An hour for the image that takes longest, and one more.
    expect(script).toContain("RuntimeMaxSec=7200");
  });

  it("lets nothing in", () => {
    const group = onlyResource(area, "AWS::EC2::SecurityGroup").Properties;

    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(resourcesOf(area, "AWS::EC2::SecurityGroupIngress")).toEqual([]);
    expect(group.SecurityGroupEgress).toMatchObject([{ CidrIp: "0.0.0.0/0" }]);
  });

  it("is one of a group of 0 to 1, on demand, whose capacity no update touches", () => {
    const group = onlyResource(area, "AWS::AutoScaling::AutoScalingGroup").Properties;

    expect(group).toMatchObject({
      AutoScalingGroupName: "windlass-deploy",
      MinSize: "0",
      MaxSize: "1",
      NewInstancesProtectedFromScaleIn: false,
      MixedInstancesPolicy: {
        InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 100 },
        LaunchTemplate: { Overrides: [{ InstanceType: "t3.medium" }, { InstanceType: "t3a.medium" }] },
      },
    });
    expect(group.DesiredCapacity).toBeUndefined();
  });

  it("is removed in the evening of the area's time zone, unless it is protected", () => {
    expect(onlyResource(area, "AWS::AutoScaling::ScheduledAction").Properties).toMatchObject({
      DesiredCapacity: 0,
      Recurrence: "0 20 * * *",
      TimeZone: "Australia/Sydney",
    });
  });
});

describe("the state bucket", () => {
  const bucket = onlyResource(area, "AWS::S3::Bucket");

  it("is private, versioned, encrypted, and stays when the stack goes", () => {
    expect(bucket).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    expect(bucket.Properties).toMatchObject({
      BucketName: `windlass-state-${ACCOUNT}-ap-southeast-2`,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: "Enabled" },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    });
  });

  it("refuses whatever comes by an access point or without TLS, and allows nobody anything by itself", () => {
    const { Statement } = onlyResource(area, "AWS::S3::BucketPolicy").Properties.PolicyDocument;

    expect(Statement.map(({ Effect }: { Effect: string }) => Effect)).toEqual(["Deny", "Deny", "Deny"]);
    expect(Statement).toMatchObject([
      { Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Action: "s3:*", Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } },
      { Action: "s3:*", Condition: { Null: { "s3:DataAccessPointArn": "false" } } },
    ]);
  });

  it("forgets after a day what a run wrote over, and tells EventBridge by itself", () => {
    const { LifecycleConfiguration, NotificationConfiguration } = bucket.Properties;

    expect(LifecycleConfiguration.Rules).toContainEqual({
      Id: "runs",
      Prefix: "runs/",
      Status: "Enabled",
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
    expect(NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
    expect(resourcesOf(area, "AWS::Lambda::Function")).toHaveLength(1);
  });
});

describe("the roles", () => {
  it("are trusted by one principal each, and never by an account", () => {
    const trusts = resourcesOf(area, "AWS::IAM::Role").map(({ Properties }) => [
      Properties.RoleName,
      Properties.AssumeRolePolicyDocument.Statement.map(({ Action, Principal }: never) => [Action, Principal]),
    ]);

    expect(Object.fromEntries(trusts)).toEqual({
      "windlass-lambda": [["sts:AssumeRole", { Service: "lambda.amazonaws.com" }]],
      "windlass-instance": [["sts:AssumeRole", { Service: "ec2.amazonaws.com" }]],
      "windlass-apply": [
        ["sts:AssumeRole", { AWS: { "Fn::GetAtt": [expect.stringMatching(/^InstanceRole/), "Arn"] } }],
      ],
      "windlass-scheduler": [["sts:AssumeRole", { Service: "scheduler.amazonaws.com" }]],
      "windlass-flow-log": [["sts:AssumeRole", { Service: "vpc-flow-logs.amazonaws.com" }]],
    });
  });

  it("may do exactly what the Lambda calls", () => {
    expect(actionsOf("windlass-lambda")).toEqual([
      "autoscaling:CancelInstanceRefresh",
      "autoscaling:CreateOrUpdateTags",
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeInstanceRefreshes",
      "autoscaling:DescribeScalingActivities",
      "autoscaling:SetDesiredCapacity",
      "autoscaling:StartInstanceRefresh",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
      "ec2:DescribeInstances",
      "ecr:BatchGetImage",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
      "secretsmanager:GetSecretValue",
      "sns:Publish",
    ]);
  });

  it("may do exactly what the runner calls, and become the apply role alone", () => {
    expect(actionsOf("windlass-instance")).toEqual([
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:SetDesiredCapacity",
      "autoscaling:SetInstanceProtection",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetAuthorizationToken",
      "ecr:GetDownloadUrlForLayer",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
      "sts:AssumeRole",
    ]);
    expect(statementsOf("windlass-instance").find(({ Action }) => Action === "sts:AssumeRole")?.Resource).toBe(
      `arn:aws:iam::${ACCOUNT}:role/windlass-apply`,
    );
  });

  it("name without a wildcard all actions, and resources wherever the call has one", () => {
    for (const role of ["windlass-lambda", "windlass-instance"]) {
      const everywhere = statementsOf(role)
        .filter(({ Resource }) => Resource === "*")
        .flatMap(({ Action }) => Action);

      expect(actionsOf(role).filter((action) => action.includes("*"))).toEqual([]);
      expect(everywhere.filter((action) => !/:Describe|:GetAuthorizationToken$/.test(action))).toEqual([]);
    }
  });

  it("read the Terraform images with the instance, and all with the Lambda", () => {
    const read = (role: string) => statementsOf(role).find(({ Action }) => Action.includes("ecr:BatchGetImage"));
    const arn = (name: string) => `arn:aws:ecr:ap-southeast-2:111111111111:repository/${name}`;

    expect(read("windlass-instance")?.Resource).toEqual([arn("dga-network"), arn("dga-site")]);
    expect(read("windlass-lambda")?.Resource).toEqual([arn("dga-network"), arn("dga-site"), arn("dga-web")]);
  });
});

describe("the apply role", () => {
  const boundary = onlyResource(area, "AWS::IAM::ManagedPolicy").Properties.PolicyDocument.Statement as {
    readonly Sid: string;
    readonly Effect: string;
    readonly [part: string]: unknown;
  }[];
  const statement = (sid: string) => boundary.find(({ Sid }) => Sid === sid);

  it("has the policies of the mapping, within the boundary", () => {
    const role = roleNamed(area, "windlass-apply").Properties;

    expect(JSON.stringify(role.ManagedPolicyArns)).toContain(":iam::aws:policy/AdministratorAccess");
    expect(role.PermissionsBoundary).toEqual({ Ref: expect.stringMatching(/^ApplyBoundaryPolicy/) });
  });

  it("can touch neither Windlass nor the CDK's bootstrap, by name or by tag", () => {
    expect(statement("NotWindlassOrCdk")).toMatchObject({
      Effect: "Deny",
      Action: "*",
      Resource: expect.arrayContaining([
        `arn:aws:iam::${ACCOUNT}:role/windlass*`,
        `arn:aws:iam::${ACCOUNT}:policy/windlass*`,
        `arn:aws:iam::${ACCOUNT}:role/cdk-*`,
        `arn:aws:lambda:ap-southeast-2:${ACCOUNT}:function:windlass*`,
        `arn:aws:autoscaling:ap-southeast-2:${ACCOUNT}:autoScalingGroup:*:autoScalingGroupName/windlass-deploy`,
        "arn:aws:s3:::cdk-*",
      ]),
    });
    expect(statement("NotWhatIsTagged")).toMatchObject({
      Effect: "Deny",
      NotAction: "s3:*",
      Resource: "*",
      Condition: { Null: { "aws:ResourceTag/windlass:owner": "false" } },
    });
  });

  it("is kept from the deploy instance by a tag that the group gives it", () => {
    expect(onlyResource(area, "AWS::AutoScaling::AutoScalingGroup").Properties.Tags).toEqual([
      { Key: "windlass:owner", Value: "windlass", PropagateAtLaunch: true },
    ]);
  });

  it("can neither read nor write ledger, runs, controls and history", () => {
    const bucket = `arn:aws:s3:::windlass-state-${ACCOUNT}-ap-southeast-2`;

    expect(statement("NotTheRecords")).toMatchObject({
      Effect: "Deny",
      Action: "s3:*",
      Resource: ["controls/*", "history/*", "ledger.json", "runs/*"].map((key) => `${bucket}/${key}`),
    });
    expect(statement("NotTheBucket")).toMatchObject({ Effect: "Deny", Resource: bucket });
  });

  it("can become no other role, here or in another account", () => {
    expect(statement("NoOtherRole")).toMatchObject({ Effect: "Deny", Action: "sts:AssumeRole", Resource: "*" });
  });

  it("can make no principal without this very boundary, nor take it off", () => {
    expect(statement("NoUnboundPrincipal")).toMatchObject({
      Effect: "Deny",
      Action: expect.arrayContaining(["iam:CreateRole", "iam:CreateUser", "iam:PutRolePermissionsBoundary"]),
      Condition: {
        StringNotEquals: {
          "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/windlass-apply-boundary`,
        },
      },
    });
    expect(statement("NoUnbinding")).toMatchObject({ Effect: "Deny", Resource: "*" });
  });

  it("has a boundary that IAM takes: 6,144 characters at most", () => {
    expect(JSON.stringify(boundary).length).toBeLessThan(6144);
  });
});

describe("the deploy Lambda", () => {
  it("runs on Node 24 for arm64, and no event twice", () => {
    expect(onlyResource(area, "AWS::Lambda::Function").Properties).toMatchObject({
      FunctionName: "windlass-tick",
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Timeout: 120,
      MemorySize: 256,
    });
    expect(onlyResource(area, "AWS::Lambda::EventInvokeConfig").Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it("keeps its log for as long as the mapping says", () => {
    const logs = resourcesOf(area, "AWS::Logs::LogGroup").map(({ Properties }) => Properties);

    expect(logs).toContainEqual(
      expect.objectContaining({ LogGroupName: "/aws/lambda/windlass-tick", RetentionInDays: 365 }),
    );
  });

  it("ticks each minute of the window in its own time zone, and every 15 minutes always; no tick is made up for", () => {
    const schedules = resourcesOf(area, "AWS::Scheduler::Schedule").map(({ Properties }) => Properties);

    expect(schedules).toMatchObject([
      { ScheduleExpression: "cron(* 9-16 ? * MON,TUE,WED,THU,FRI *)", ScheduleExpressionTimezone: "Australia/Sydney" },
      { ScheduleExpression: "rate(15 minutes)" },
    ]);
    for (const { FlexibleTimeWindow, Target } of schedules) {
      expect(FlexibleTimeWindow).toEqual({ Mode: "OFF" });
      expect(Target.RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    }
  });

  it("ticks when a result or a control is written, when an instance comes or goes, and when a refresh ends", () => {
    const rules = resourcesOf(area, "AWS::Events::Rule").map(({ Properties }) => Properties);

    expect(rules.map(({ EventPattern }) => EventPattern)).toMatchObject([
      {
        source: ["aws.s3"],
        detail: { object: { key: [{ wildcard: "runs/*/result.json" }, { prefix: "controls/" }] } },
      },
      { source: ["aws.autoscaling"], detail: { AutoScalingGroupName: ["windlass-deploy"] } },
      { source: ["aws.autoscaling"] },
    ]);
    for (const { Targets } of rules) {
      expect(Targets[0].RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    }
  });
});

describe("alarms", () => {
  const alarms = resourcesOf(area, "AWS::CloudWatch::Alarm").map(({ Properties }) => Properties);

  it("are there for all that a person must know", () => {
    expect(
      alarms.map(({ AlarmName, Threshold, TreatMissingData }) => [AlarmName, Threshold, TreatMissingData]),
    ).toEqual([
      ["windlass-no-tick", 1, "breaching"],
      ["windlass-tick-failed", 1, "notBreaching"],
      ["windlass-deployment-failed", 1, "notBreaching"],
      ["windlass-waiting", 60, "notBreaching"],
      ["windlass-blocked", 1, "notBreaching"],
      ["windlass-launch-suspended", 1, "notBreaching"],
    ]);
  });

  it("go to the area's topic for errors, which lets them in, and from there to the address of the mapping", () => {
    const topic = { Ref: expect.stringMatching(/^TopicsError/) };
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([topic]);
    const allowed = resourcesOf(area, "AWS::SNS::TopicPolicy").flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow"),
    );

    expect(allowed).toMatchObject([
      {
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Resource: topic,
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
    ]);
    expect(onlyResource(area, "AWS::SNS::Subscription").Properties).toMatchObject({ Endpoint: "ops@example.com" });
  });
});

it("synthesizes the example to the templates of the snapshot", () => {
  const { "area-production": production, pipeline } = templates;
  // The boot script has tests of its own, and a description of its own.
  const text = JSON.stringify({ pipeline, production }).replace(
    /"Fn::Base64":"(?:[^"\\]|\\.)*"/,
    '"Fn::Base64":"boot script"',
  );

  expect(JSON.parse(text)).toMatchSnapshot();
});
