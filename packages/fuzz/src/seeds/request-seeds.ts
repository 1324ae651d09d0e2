import { REGION, signedFor } from "../sandbox-world.ts";
import { form, identity, json, request } from "./write-request.ts";

type Seeds = readonly [string, ...string[]];

export const MANIFEST = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"a".repeat(64)}`, size: 2 },
  layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: `sha256:${"b".repeat(64)}`, size: 3 }],
};
const INDEX = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [
    {
      mediaType: MANIFEST.mediaType,
      digest: `sha256:${"c".repeat(64)}`,
      size: 9,
      platform: { os: "linux", architecture: "arm64" },
    },
  ],
};
const POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: ["333333333333"] },
      Action: ["ecr:BatchGetImage"],
      Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam::333333333333:role/*" } },
    },
  ],
};

export const ECR_SEEDS: Seeds = [
  json("ecr", "AmazonEC2ContainerRegistry_V20150921.CreateRepository", {
    repositoryName: "dga-api",
    imageTagMutability: "IMMUTABLE",
  }),
  json("ecr", "AmazonEC2ContainerRegistry_V20150921.PutImage", {
    repositoryName: "dga-web",
    imageManifest: JSON.stringify({ schemaVersion: 2, config: MANIFEST.config }),
    imageTag: "a",
  }),
  json("ecr", "AmazonEC2ContainerRegistry_V20150921.BatchGetImage", {
    repositoryName: "dga-web",
    imageIds: [{ imageTag: "scratch" }, { imageDigest: `sha256:${"a".repeat(64)}` }],
    acceptedMediaTypes: [MANIFEST.mediaType],
  }),
  json("ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeImages", {
    repositoryName: "dga-web",
    filter: { tagStatus: "TAGGED" },
    maxResults: 10,
  }),
  json("ecr", "AmazonEC2ContainerRegistry_V20150921.ListImages", {
    registryId: "222222222222",
    repositoryName: "dga-web",
  }),
  json("ecr", "AmazonEC2ContainerRegistry_V20150921.SetRepositoryPolicy", {
    repositoryName: "dga-web",
    policyText: JSON.stringify(POLICY),
  }),
  json("ecr", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", {}),
  json("secretsmanager", "secretsmanager.CreateSecret", {
    Name: "app",
    SecretString: "{}",
    ClientRequestToken: "0".repeat(32),
  }),
  json("secretsmanager", "secretsmanager.GetSecretValue", { SecretId: "app", VersionStage: "AWSCURRENT" }),
];

export const MANIFEST_SEEDS: Seeds = [
  JSON.stringify(MANIFEST),
  JSON.stringify(INDEX),
  JSON.stringify(MANIFEST, null, 2),
];

const USER_DATA = Buffer.from("#!/bin/sh\n").toString("base64");

export const QUERY_SEEDS: Seeds = [
  form(
    "ec2",
    `Action=CreateLaunchTemplate&Version=2016-11-15&LaunchTemplateName=tpl&LaunchTemplateData.ImageId=ami-1&LaunchTemplateData.InstanceType=t3.micro&LaunchTemplateData.UserData=${USER_DATA}&LaunchTemplateData.TagSpecification.1.ResourceType=instance&LaunchTemplateData.TagSpecification.1.Tag.1.Key=a&LaunchTemplateData.TagSpecification.1.Tag.1.Value=b`,
  ),
  form(
    "autoscaling",
    "Action=CreateAutoScalingGroup&Version=2011-01-01&AutoScalingGroupName=g&MinSize=0&MaxSize=1&DesiredCapacity=1&AvailabilityZones.member.1=ap-southeast-2a&LaunchTemplate.LaunchTemplateName=tpl&LaunchTemplate.Version=1&Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.1.PropagateAtLaunch=true",
  ),
  form(
    "autoscaling",
    "Action=SetDesiredCapacity&Version=2011-01-01&AutoScalingGroupName=g&DesiredCapacity=1&HonorCooldown=false",
  ),
  form(
    "autoscaling",
    "Action=CreateOrUpdateTags&Version=2011-01-01&Tags.member.1.ResourceId=g&Tags.member.1.ResourceType=auto-scaling-group&Tags.member.1.Key=windlass%3Adeployment&Tags.member.1.Value=x&Tags.member.1.PropagateAtLaunch=true",
  ),
  form(
    "autoscaling",
    "Action=DescribeAutoScalingGroups&Version=2011-01-01&AutoScalingGroupNames.member.1=g&Filters.member.1.Name=tag-key&Filters.member.1.Values.member.1=k&MaxRecords=10",
  ),
  form(
    "autoscaling",
    "Action=StartInstanceRefresh&Version=2011-01-01&AutoScalingGroupName=g&Preferences.MinHealthyPercentage=90&Preferences.InstanceWarmup=5&Preferences.SkipMatching=false",
  ),
  form("autoscaling", "Action=DescribeInstanceRefreshes&Version=2011-01-01&AutoScalingGroupName=g"),
  form(
    "autoscaling",
    "Action=PutScheduledUpdateGroupAction&Version=2011-01-01&AutoScalingGroupName=g&ScheduledActionName=s&Recurrence=0+20+*+*+*&TimeZone=Australia%2FSydney&MinSize=0&DesiredCapacity=0",
  ),
  form(
    "autoscaling",
    "Action=SuspendProcesses&Version=2011-01-01&AutoScalingGroupName=g&ScalingProcesses.member.1=AZRebalance",
  ),
  form("autoscaling", "Action=DescribeScalingActivities&Version=2011-01-01&AutoScalingGroupName=g&MaxRecords=5"),
  form(
    "ec2",
    "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-state-name&Filter.1.Value.1=running&MaxResults=10",
  ),
  form("ec2", "Action=CreateTags&Version=2016-11-15&ResourceId.1={instance}&Tag.1.Key=a&Tag.1.Value=b"),
  form(
    "sts",
    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fapply&RoleSessionName=s-1&DurationSeconds=3600&Policy=%7B%7D",
  ),
  form(
    "sns",
    "Action=CreateTopic&Version=2010-03-31&Name=start&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=x",
  ),
  form(
    "sns",
    "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aap-southeast-2%3A222222222222%3Astart&Message=m&Subject=s&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v",
  ),
];

export const IDENTITY_SEEDS: Seeds = [
  identity("222222222222"),
  identity("222222222222.apply.20261124t090000z-7"),
  identity("222222222222.a%2Eb.c%2Ed"),
  request({
    path: "/",
    query: {
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `222222222222/20261124/${REGION}/sts/aws4_request`,
      "X-Amz-Date": "20261124T085959Z",
      "X-Amz-Expires": "60",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "0",
    },
  }),
];

const s3 = { authorization: signedFor("s3"), "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
const VERSIONING = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
const DELETE =
  "<Delete><Object><Key>a/b</Key></Object><Object><Key>007</Key><VersionId>null</VersionId></Object><Quiet>true</Quiet></Delete>";

export const S3_SEEDS: Seeds = [
  request({ method: "PUT", path: "/bucket", headers: s3 }),
  request({
    method: "PUT",
    path: "/bucket/a/b",
    headers: { ...s3, "content-type": "text/plain", "x-amz-meta-a": "b", "if-none-match": "*" },
    body: "text",
  }),
  request({
    method: "PUT",
    path: "/bucket/c%20d",
    headers: {
      ...s3,
      "content-encoding": "aws-chunked",
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "4",
      "x-amz-trailer": "x-amz-checksum-crc32",
    },
    body: "4\r\ntext\r\n0\r\nx-amz-checksum-crc32:O1oHUA==\r\n\r\n",
  }),
  request({ path: "/bucket/a/b", headers: { ...s3, range: "bytes=0-1" } }),
  request({ path: "/bucket/a/b", headers: { ...s3, "if-match": '"x"' }, query: { versionId: "null" } }),
  request({ method: "HEAD", path: "/bucket/a/b", headers: s3 }),
  request({
    path: "/bucket",
    headers: s3,
    query: { "list-type": "2", prefix: "a", delimiter: "/", "max-keys": "2", "encoding-type": "url" },
  }),
  request({ path: "/bucket", headers: s3, query: { versions: "", "key-marker": "a", "max-keys": "1" } }),
  request({ method: "PUT", path: "/bucket", headers: s3, query: { versioning: "" }, body: VERSIONING }),
  request({
    method: "POST",
    path: "/bucket",
    headers: { ...s3, "content-md5": "" },
    query: { delete: "" },
    body: DELETE,
  }),
  request({ method: "PUT", path: "/bucket/copy", headers: { ...s3, "x-amz-copy-source": "/bucket/a/b" } }),
  request({ method: "POST", path: "/bucket/big", headers: s3, query: { uploads: "" } }),
  request({ method: "DELETE", path: "/bucket/a/b", headers: s3 }),
  request({
    path: "/bucket/a/b",
    query: {
      "X-Amz-Credential": `222222222222/20261124/${REGION}/s3/aws4_request`,
      "X-Amz-Date": "20261124T085959Z",
      "X-Amz-Expires": "60",
      "X-Amz-Signature": "0",
    },
  }),
];
