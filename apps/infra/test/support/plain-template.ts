import type { AccountTemplate } from "@windlass/isolation";
import type { Resource, Template } from "./templates.ts";

/** Resources of a template with what they refer to filled in, and their ARNs; `` where a resource is not of use here. */
export function plainTemplate({
  template,
  account,
  region,
  stack,
}: AccountTemplate): readonly (Resource & { readonly arn: string })[] {
  const { Resources } = template as Template;
  const arns = new Map(
    Object.entries(Resources).map(([id, resource]) => [id, arnOf(resource, { id, account, region, stack })] as const),
  );
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    const { Ref: ref, "Fn::GetAtt": attribute, "Fn::Join": joined } = value as Readonly<Record<string, unknown>>;
    if (ref === "AWS::Partition") return "aws";
    if (typeof ref === "string") return referTo(ref, Resources[ref], arns.get(ref) ?? "");
    if (Array.isArray(attribute)) return arns.get(attribute[0]) ?? "";
    if (Array.isArray(joined)) return joined[1].map(fill).join(joined[0]);
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member)]));
  };
  return Object.entries(Resources).map(([id, resource]) => ({
    Type: resource.Type,
    Properties: fill(resource.Properties) as Resource["Properties"],
    arn: arns.get(id) ?? "",
  }));
}

function referTo(id: string, resource: Resource | undefined, arn: string): string {
  if (resource?.Type === "AWS::S3::Bucket") return resource.Properties.BucketName;
  if (resource?.Type === "AWS::IAM::Role") return resource.Properties.RoleName;
  return arn === "" ? id : arn;
}

interface Place {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
}

const ec2Types = new Map([
  // What a group launches has the group's tags.
  ["AWS::AutoScaling::AutoScalingGroup", "instance"],
  ["AWS::EC2::FlowLog", "vpc-flow-log"],
  ["AWS::EC2::InternetGateway", "internet-gateway"],
  ["AWS::EC2::LaunchTemplate", "launch-template"],
  ["AWS::EC2::RouteTable", "route-table"],
  ["AWS::EC2::SecurityGroup", "security-group"],
  ["AWS::EC2::Subnet", "subnet"],
  ["AWS::EC2::VPC", "vpc"],
]);

function arnOf({ Type, Properties: p }: Resource, { id, account, region, stack }: Place): string {
  const made = Type === "AWS::AutoScaling::AutoScalingGroup" ? "*" : `${stack}-${id}-Made`;
  switch (Type) {
    case "AWS::IAM::Role":
      return `arn:aws:iam::${account}:role/${p.RoleName}`;
    case "AWS::IAM::ManagedPolicy":
      return `arn:aws:iam::${account}:policy/${p.ManagedPolicyName}`;
    case "AWS::S3::Bucket":
      return `arn:aws:s3:::${p.BucketName}`;
    case "AWS::SNS::Topic":
      return `arn:aws:sns:${region}:${account}:${p.TopicName}`;
    case "AWS::ECR::Repository":
      return `arn:aws:ecr:${region}:${account}:repository/${p.RepositoryName}`;
    case "AWS::Lambda::Function":
      return `arn:aws:lambda:${region}:${account}:function:${p.FunctionName}`;
    case "AWS::Events::Rule":
      return `arn:aws:events:${region}:${account}:rule/${p.Name}`;
    case "AWS::KMS::Key":
      return `arn:aws:kms:${region}:${account}:key/${made}`;
    case "AWS::Logs::LogGroup":
      return `arn:aws:logs:${region}:${account}:log-group:${p.LogGroupName}`;
    case "AWS::CloudWatch::Alarm":
      return `arn:aws:cloudwatch:${region}:${account}:alarm:${p.AlarmName}`;
    default:
      return ec2Types.has(Type) ? `arn:aws:ec2:${region}:${account}:${ec2Types.get(Type)}/${made}` : "none";
  }
}
