import { formatMapping, sliceForArea, withoutInfra } from "@windlass/account-mapping";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { partitionOf } from "../area-names.ts";
import type { AreaScope } from "./area-scope.ts";
import type { Topics } from "./topics.ts";

/** One function's log, made before its role, which may write into this one alone. */
export class DeployLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { area, names }: AreaScope) {
    super(scope, id);
    this.logGroup = new LogGroup(this, "Group", {
      logGroupName: `/aws/lambda/${names.deployFunction}`,
      // The enum's values are the days.
      retention: area.infra.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

export interface DeployFunctionProps {
  readonly scope: AreaScope;
  /** Folder with the bundle. */
  readonly bundle: string;
  readonly role: Role;
  readonly log: DeployLog;
  readonly bucketName: string;
  readonly topics: Topics;
  readonly secretArn: string | null;
  /** What `WINDLASS_MAPPING` says. */
  readonly mapping: string;
}

/** The area's deploy Lambda: one tick a run, and never a run again of the same event. */
export class DeployFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: DeployFunctionProps) {
    super(scope, id);
    const { area, names } = props.scope;
    this.function = new LambdaFunction(this, "Function", {
      functionName: names.deployFunction,
      description: `One tick of Windlass for the area ${props.scope.name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundle, { exclude: ["*.map"] }),
      handler: "handler.handler",
      // By its ARN: the function needs no more of it, and the role no more than it has.
      role: Role.fromRoleArn(this, "Role", props.role.roleArn, { mutable: false }),
      logGroup: props.log.logGroup,
      memorySize: area.infra.memoryMiB,
      timeout: Duration.seconds(120),
      // The next tick is the retry: what waited longer than a minute has had its successor.
      retryAttempts: 0,
      maxEventAge: Duration.seconds(60),
      environment: environmentOf(props),
      ...(area.infra.concurrency === null ? {} : { reservedConcurrentExecutions: area.infra.concurrency }),
    });
  }
}

function environmentOf(props: DeployFunctionProps): Record<string, string> {
  const { scope, topics, secretArn } = props;
  return {
    WINDLASS_AREA: scope.name,
    WINDLASS_MAPPING: props.mapping,
    WINDLASS_STATE_BUCKET: props.bucketName,
    WINDLASS_DEPLOY_GROUP: scope.names.deployGroup,
    WINDLASS_TOPIC_START: topics.start.topicArn,
    WINDLASS_TOPIC_FINISHED: topics.finished.topicArn,
    WINDLASS_TOPIC_ERROR: topics.error.topicArn,
    ...(secretArn === null ? {} : { WINDLASS_GITHUB_SECRET: scope.area.infra.githubSecret }),
  };
}

/** The area's slice of the mapping as the deploy Lambda reads it: without what concerns the infrastructure alone. */
export function sliceText({ mapping, name }: AreaScope): string {
  return JSON.stringify(formatMapping(withoutInfra(sliceForArea(mapping, name))));
}

/** Of the secret, as a policy must say it: Secrets Manager adds a dash and six characters. */
export function secretArnOf({ account, region, infra }: AreaScope["area"]): string {
  return `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${infra.githubSecret}-??????`;
}
