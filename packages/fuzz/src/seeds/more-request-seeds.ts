import { form, json } from "./write-request.ts";

const asg = (action: string, rest: string) => form("autoscaling", `Action=${action}&Version=2011-01-01${rest}`);
const ec2 = (action: string, rest: string) => form("ec2", `Action=${action}&Version=2016-11-15${rest}`);
const ecr = (action: string, body: object) => json("ecr", `AmazonEC2ContainerRegistry_V20150921.${action}`, body);
const secrets = (action: string, body: object) => json("secretsmanager", `secretsmanager.${action}`, body);

/** Actions beside those that Windlass itself calls most. */
export const MORE_QUERY_SEEDS: readonly string[] = [
  asg(
    "UpdateAutoScalingGroup",
    "&AutoScalingGroupName=g&MinSize=0&MaxSize=2&DefaultCooldown=10&HealthCheckGracePeriod=5",
  ),
  asg("ResumeProcesses", "&AutoScalingGroupName=g&ScalingProcesses.member.1=AZRebalance"),
  asg("DescribeScheduledActions", "&AutoScalingGroupName=g&MaxRecords=5"),
  asg("DescribeAutoScalingInstances", "&InstanceIds.member.1={instance}&MaxRecords=5"),
  asg("DeleteTags", "&Tags.member.1.ResourceId=g&Tags.member.1.ResourceType=auto-scaling-group&Tags.member.1.Key=k"),
  asg("DescribeTags", "&Filters.member.1.Name=key&Filters.member.1.Values.member.1=k&MaxRecords=5"),
  ec2("DescribeLaunchTemplates", "&LaunchTemplateName.1=tpl&MaxResults=5"),
  ec2("DescribeLaunchTemplateVersions", "&LaunchTemplateName=tpl&LaunchTemplateVersion.1=1"),
  ec2("DescribeTags", "&Filter.1.Name=key&Filter.1.Value.1=a&MaxResults=5"),
  ec2("DescribeInstanceStatus", "&InstanceId.1={instance}&IncludeAllInstances=true"),
  asg("SetInstanceProtection", "&AutoScalingGroupName=own&InstanceIds.member.1={instance}&ProtectedFromScaleIn=false"),
  form("sts", "Action=GetCallerIdentity&Version=2011-06-15"),
  form("sns", "Action=ListTopics&Version=2010-03-31"),
];

export const MORE_JSON_SEEDS: readonly string[] = [
  ecr("DescribeRepositories", { registryId: "222222222222", maxResults: 5 }),
  ecr("GetRepositoryPolicy", { registryId: "222222222222", repositoryName: "dga-web" }),
  ecr("InitiateLayerUpload", { repositoryName: "dga-web" }),
  ecr("BatchCheckLayerAvailability", { repositoryName: "dga-web", layerDigests: [`sha256:${"a".repeat(64)}`] }),
  ecr("BatchDeleteImage", { repositoryName: "dga-web", imageIds: [{ imageTag: "b" }] }),
  ecr("PutImageTagMutability", { repositoryName: "dga-web", imageTagMutability: "MUTABLE" }),
  secrets("PutSecretValue", { SecretId: "app", SecretString: "{}", ClientRequestToken: "1".repeat(32) }),
  secrets("DescribeSecret", { SecretId: "app" }),
  secrets("CreateSecret", { Name: "gone" }),
  secrets("DeleteSecret", { SecretId: "gone", RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: false }),
];
