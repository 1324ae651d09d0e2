/** What is known of a type of resources. */
export interface ResourceType {
  /** Prefix of its actions. */
  readonly service: string;
  /** The property that names it; without one, CloudFormation makes a name up. */
  readonly name?: string;
  /** `{name}` and `{path}` are filled in, and what an ARN begins with is left out: after `arn:<partition>:`. */
  readonly arn: string;
  /** What `Ref` gives: its name, unless it is the ARN. */
  readonly ref?: "arn";
  /** Attributes that are its ARN; `Arn` by default. */
  readonly arnAttributes?: readonly string[];
  /** What else it is asked by beside the ARN: objects of a bucket, streams of a log group. */
  readonly inside?: string;
}

const HERE = "{region}:{account}";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "AWS::AutoScaling::AutoScalingGroup": {
    service: "autoscaling",
    name: "AutoScalingGroupName",
    arn: `autoscaling:${HERE}:autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/{name}`,
  },
  "AWS::CloudWatch::Alarm": { service: "cloudwatch", name: "AlarmName", arn: `cloudwatch:${HERE}:alarm:{name}` },
  "AWS::EC2::FlowLog": { service: "ec2", arn: `ec2:${HERE}:vpc-flow-log/{name}` },
  "AWS::EC2::InternetGateway": { service: "ec2", arn: `ec2:${HERE}:internet-gateway/{name}` },
  "AWS::EC2::LaunchTemplate": { service: "ec2", arn: `ec2:${HERE}:launch-template/{name}` },
  "AWS::EC2::RouteTable": { service: "ec2", arn: `ec2:${HERE}:route-table/{name}` },
  "AWS::EC2::SecurityGroup": { service: "ec2", arn: `ec2:${HERE}:security-group/{name}` },
  "AWS::EC2::Subnet": { service: "ec2", arn: `ec2:${HERE}:subnet/{name}` },
  "AWS::EC2::VPC": { service: "ec2", arn: `ec2:${HERE}:vpc/{name}` },
  "AWS::ECR::Repository": { service: "ecr", name: "RepositoryName", arn: `ecr:${HERE}:repository/{name}` },
  "AWS::Events::EventBus": { service: "events", name: "Name", arn: `events:${HERE}:event-bus/{name}` },
  "AWS::Events::Rule": { service: "events", name: "Name", arn: `events:${HERE}:rule/{name}` },
  "AWS::IAM::InstanceProfile": {
    service: "iam",
    name: "InstanceProfileName",
    arn: "iam::{account}:instance-profile{path}{name}",
  },
  "AWS::IAM::ManagedPolicy": {
    service: "iam",
    name: "ManagedPolicyName",
    arn: "iam::{account}:policy{path}{name}",
    ref: "arn",
    arnAttributes: ["PolicyArn"],
  },
  "AWS::IAM::Role": { service: "iam", name: "RoleName", arn: "iam::{account}:role{path}{name}" },
  "AWS::IAM::User": { service: "iam", name: "UserName", arn: "iam::{account}:user{path}{name}" },
  "AWS::KMS::Key": { service: "kms", arn: `kms:${HERE}:key/{name}` },
  "AWS::Lambda::Function": { service: "lambda", name: "FunctionName", arn: `lambda:${HERE}:function:{name}` },
  "AWS::Logs::LogGroup": {
    service: "logs",
    name: "LogGroupName",
    arn: `logs:${HERE}:log-group:{name}`,
    // Its attribute `Arn` ends in `:*`, which is how policies must name its streams.
    arnAttributes: [],
    inside: ":log-stream:*",
  },
  "AWS::S3::Bucket": { service: "s3", name: "BucketName", arn: "s3:::{name}", inside: "/*" },
  "AWS::SNS::Topic": {
    service: "sns",
    name: "TopicName",
    arn: `sns:${HERE}:{name}`,
    ref: "arn",
    arnAttributes: ["TopicArn"],
  },
  "AWS::SQS::Queue": { service: "sqs", name: "QueueName", arn: `sqs:${HERE}:{name}` },
  "AWS::Scheduler::Schedule": { service: "scheduler", name: "Name", arn: `scheduler:${HERE}:schedule/{group}/{name}` },
  "AWS::Scheduler::ScheduleGroup": {
    service: "scheduler",
    name: "Name",
    arn: `scheduler:${HERE}:schedule-group/{name}`,
  },
  "AWS::SecretsManager::Secret": {
    service: "secretsmanager",
    name: "Name",
    arn: `secretsmanager:${HERE}:secret:{name}-Random`,
    ref: "arn",
    arnAttributes: ["Id"],
  },
};

/**
 * Parts of other resources, which have no ARN of their own: whoever may change the other may change them. And what is no
 * resource at all.
 */
export const PARTS: ReadonlySet<string> = new Set([
  "AWS::AutoScaling::ScheduledAction",
  "AWS::CDK::Metadata",
  "AWS::EC2::Route",
  "AWS::EC2::SubnetRouteTableAssociation",
  "AWS::EC2::VPCGatewayAttachment",
  "AWS::KMS::Alias",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::SNS::Subscription",
]);
