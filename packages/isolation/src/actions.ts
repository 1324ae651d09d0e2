/**
 * Actions that are asked about one by one, by service, beside `<service>:*`, which stands for any other. The first ones
 * need no more than a resource's own policy; all of them are what an intruder would like.
 */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  autoscaling: [
    ...["CreateLaunchConfiguration", "CreateOrUpdateTags", "SetDesiredCapacity", "SetInstanceProtection"],
    ...["StartInstanceRefresh", "TerminateInstanceInAutoScalingGroup", "UpdateAutoScalingGroup"],
  ],
  cloudwatch: ["DeleteAlarms", "DisableAlarmActions", "PutMetricAlarm"],
  ec2: [
    ...["CreateLaunchTemplateVersion", "ModifyInstanceAttribute", "ModifyInstanceMetadataOptions"],
    ...["ModifyLaunchTemplate", "RunInstances", "TerminateInstances"],
  ],
  ecr: [
    ...["BatchCheckLayerAvailability", "BatchDeleteImage", "BatchGetImage", "CreateRepository", "DescribeImages"],
    ...["GetDownloadUrlForLayer", "PutImage", "ReplicateImage", "SetRepositoryPolicy"],
  ],
  events: ["PutEvents", "PutPermission", "PutRule", "PutTargets"],
  iam: [
    ...["AttachRolePolicy", "CreatePolicyVersion", "PassRole", "PutRolePolicy", "UpdateAssumeRolePolicy"],
    ...["DeleteRolePermissionsBoundary", "PutRolePermissionsBoundary"],
  ],
  kms: ["CreateGrant", "Decrypt", "Encrypt", "GenerateDataKey", "PutKeyPolicy"],
  lambda: ["AddPermission", "InvokeFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration"],
  logs: ["CreateLogStream", "DeleteLogGroup", "FilterLogEvents", "PutLogEvents", "PutSubscriptionFilter"],
  s3: [
    ...["DeleteBucket", "DeleteBucketPolicy", "DeleteObject", "DeleteObjectVersion", "GetObject", "ListBucket"],
    ...["PutBucketAcl", "PutBucketNotification", "PutBucketOwnershipControls", "PutBucketPolicy"],
    ...["PutBucketPublicAccessBlock", "PutBucketVersioning", "PutEncryptionConfiguration"],
    ...["PutLifecycleConfiguration", "PutObject", "PutReplicationConfiguration"],
  ],
  scheduler: ["CreateSchedule", "DeleteSchedule", "UpdateSchedule"],
  secretsmanager: ["GetSecretValue", "PutResourcePolicy", "PutSecretValue"],
  sns: ["AddPermission", "Publish", "SetTopicAttributes", "Subscribe"],
  sqs: ["ReceiveMessage", "SendMessage", "SetQueueAttributes"],
  ssm: ["SendCommand", "StartSession"],
  sts: ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "SetSourceIdentity", "TagSession"],
};

/** What a role's trust is about, beside what is done with the role as such. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  "AWS::IAM::Role": ["sts"],
  "AWS::EC2::Instance": ["ssm"],
};

export interface ActionsOf {
  readonly service: string;
  readonly type: string;
}

/** In lower case, those with `*` first. */
export function actionsOf({ service, type }: ActionsOf): readonly string[] {
  return [service, ...(BESIDE[type] ?? [])].flatMap((prefix) =>
    ["*", ...(ACTIONS[prefix] ?? [])].map((name) => `${prefix}:${name}`.toLowerCase()),
  );
}

/** All that reading an image takes, and what an area may do in the pipeline account. In lower case. */
export const READ_IMAGE: readonly string[] = [
  "ecr:batchchecklayeravailability",
  "ecr:batchgetimage",
  "ecr:describeimages",
  "ecr:getdownloadurlforlayer",
];

/**
 * What a principal gets more rights by, or lets others in by: those that no role but a bounded one may have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html, and what is known of ways to escalate.
 */
export const ESCALATIONS: readonly string[] = [
  ...["AddUserToGroup", "AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy", "CreateAccessKey"],
  ...["CreateLoginProfile", "CreateOpenIDConnectProvider", "CreatePolicy", "CreatePolicyVersion", "CreateRole"],
  ...["CreateSAMLProvider", "CreateServiceLinkedRole", "CreateUser", "DeleteRolePermissionsBoundary"],
  ...["DeleteRolePolicy", "DeleteUserPermissionsBoundary", "PassRole", "PutGroupPolicy", "PutRolePermissionsBoundary"],
  ...["PutRolePolicy", "PutUserPermissionsBoundary", "PutUserPolicy", "SetDefaultPolicyVersion"],
  ...["UpdateAssumeRolePolicy", "UpdateLoginProfile", "AddRoleToInstanceProfile"],
]
  .map((name) => `iam:${name}`)
  .concat(
    ...["sts:AssumeRole", "sts:AssumeRoot", "sts:GetFederationToken"],
    ...["autoscaling:CreateAutoScalingGroup", "autoscaling:CreateLaunchConfiguration"],
    ...["autoscaling:UpdateAutoScalingGroup", "cloudformation:CreateChangeSet", "cloudformation:CreateStack"],
    ...["cloudformation:ExecuteChangeSet", "cloudformation:SetStackPolicy", "cloudformation:UpdateStack"],
    ...["codebuild:CreateProject", "codebuild:UpdateProject", "datapipeline:PutPipelineDefinition"],
    ...["ec2:AssociateIamInstanceProfile", "ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion"],
    ...["ec2:ModifyInstanceAttribute", "ec2:ModifyInstanceMetadataOptions", "ec2:ModifyLaunchTemplate"],
    ...["ec2:ReplaceIamInstanceProfileAssociation", "ec2:RunInstances", "ec2-instance-connect:SendSSHPublicKey"],
    ...["ecr:DeleteRepositoryPolicy", "ecr:PutRegistryPolicy", "ecr:PutReplicationConfiguration"],
    ...["ecr:SetRepositoryPolicy", "ecs:RegisterTaskDefinition", "ecs:RunTask", "events:PutPermission"],
    ...["events:PutRule", "events:PutTargets", "glue:CreateDevEndpoint", "glue:UpdateDevEndpoint"],
    ...["kms:CreateGrant", "kms:PutKeyPolicy", "lambda:AddLayerVersionPermission", "lambda:AddPermission"],
    ...["lambda:CreateEventSourceMapping", "lambda:CreateFunction", "lambda:CreateFunctionUrlConfig"],
    ...["lambda:PublishLayerVersion", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"],
    ...["organizations:AttachPolicy", "ram:CreateResourceShare", "s3:CreateAccessPoint", "s3:DeleteBucketPolicy"],
    ...["s3:PutAccessPointPolicy", "s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:PutReplicationConfiguration"],
    ...["scheduler:CreateSchedule", "scheduler:UpdateSchedule", "secretsmanager:PutResourcePolicy"],
    ...["sns:AddPermission", "sns:SetTopicAttributes", "sqs:AddPermission", "sqs:SetQueueAttributes"],
    ...["ssm:CreateAssociation", "ssm:ResumeSession", "ssm:SendCommand", "ssm:StartAutomationExecution"],
    ...["ssm:StartSession", "states:CreateStateMachine", "states:UpdateStateMachine"],
  )
  .map((action) => action.toLowerCase())
  .sort();
