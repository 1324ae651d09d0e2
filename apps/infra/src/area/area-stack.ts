import { type AccountMapping, onlyArea, sliceForArea } from "@windlass/account-mapping";
import { CfnOutput, Stack, Tags, Validations } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Artifacts } from "../artifacts.ts";
import { Alarms } from "./alarms.ts";
import { OWNER_TAG } from "./apply-boundary.ts";
import { ApplyRole } from "./apply-role.ts";
import { AreaNetwork } from "./area-network.ts";
import { type AreaScope, areaScope } from "./area-scope.ts";
import { DeployFunction, DeployLog, secretArnOf, sliceText } from "./deploy-function.ts";
import { DeployGroup } from "./deploy-group.ts";
import { Events } from "./events.ts";
import { FileObject } from "./file-object.ts";
import { InstanceRole } from "./instance-role.ts";
import { LambdaRole } from "./lambda-role.ts";
import { MappingObject } from "./mapping-object.ts";
import { Schedules } from "./schedules.ts";
import { StateBucket } from "./state-bucket.ts";
import { Topics } from "./topics.ts";

export interface AreaStackProps {
  readonly mapping: AccountMapping;
  /** Name of one of the mapping's areas. */
  readonly area: string;
  readonly artifacts: Artifacts;
}

/**
 * Everything of one area, in the area's own account. Throws `MappingError` `unknown-area`, and `InfraError`.
 *
 * @example
 * ```ts
 * new AreaStack(app, "production", { mapping, area: "production", artifacts: workspaceArtifacts() });
 * ```
 */
export class AreaStack extends Stack {
  constructor(parent: Construct, id: string, { mapping, area: areaName, artifacts }: AreaStackProps) {
    const { name, area } = onlyArea(sliceForArea(mapping, areaName));
    const scope = areaScope(mapping, name, area);
    super(parent, id, {
      stackName: `${scope.names.prefix}-area-${name.replaceAll("_", "-")}`,
      description: `Windlass: deploys ${mapping.workload} to the area ${name} by pulling`,
      env: { account: area.account, region: area.region },
    });
    Tags.of(this).add(OWNER_TAG, scope.names.prefix);
    const { bucket } = new StateBucket(this, "State", { bucketName: scope.names.stateBucket });
    const instance = this.addInstance(scope, artifacts);
    new ApplyRole(this, "Apply", { scope, instanceRole: instance.role });
    const { alarms } = area.infra;
    const topics = new Topics(this, "Topics", {
      prefix: scope.names.prefix,
      email: alarms?.kind === "email" ? alarms.address : null,
    });
    const deploy = this.addFunction(scope, { artifacts, bucket, topics });
    new Schedules(this, "Schedules", { scope, functionArn: deploy.function.functionArn });
    new Events(this, "Events", { names: scope.names, function: deploy.function });
    const topic: ITopic = alarms?.kind === "topic" ? Topic.fromTopicArn(this, "AlarmTopic", alarms.arn) : topics.error;
    new Alarms(this, "Alarms", { scope, function: deploy.function, topic });
    new CfnOutput(this, "StateBucketName", { value: bucket.bucketName });
    new CfnOutput(this, "DeployFunctionName", { value: deploy.function.functionName });
  }

  private addInstance(scope: AreaScope, artifacts: Artifacts): InstanceRole {
    const { area, names } = scope;
    const runner = new FileObject(this, "Runner", artifacts.runner);
    const node = new FileObject(this, "Node", artifacts.node(area.infra.architecture));
    const role = new InstanceRole(this, "Instance", { scope, bootObjects: [runner.arn, node.arn] });
    const { prefix, flowLogRole } = names;
    const network = new AreaNetwork(this, "Network", { network: area.infra.network, prefix, flowLogRole });
    new DeployGroup(this, "DeployGroup", { scope, network, profileArn: role.profileArn, runner, node });
    return role;
  }

  private addFunction(scope: AreaScope, parts: FunctionParts): DeployFunction {
    const { artifacts, bucket, topics } = parts;
    const secretArn = this.addSecret(scope);
    const mapping = new MappingObject(this, "Mapping", sliceText(scope));
    const log = new DeployLog(this, "Log", scope);
    const { role } = new LambdaRole(this, "Lambda", {
      scope,
      logGroupArn: log.logGroup.logGroupArn,
      topicArns: [topics.start, topics.finished, topics.error].map((topic) => topic.topicArn),
      secretArn,
      mappingObjectArn: mapping.arn,
    });
    const { bucketName } = bucket;
    const props = { scope, bundle: artifacts.lambda, role, log, bucketName, topics, secretArn };
    return new DeployFunction(this, "Deploy", { ...props, mapping: mapping.variable });
  }

  /** Null where the mapping has no GitHub. The stack never knows what the secret holds. */
  private addSecret({ mapping, area }: AreaScope): string | null {
    if (mapping.github === null) return null;
    const { githubSecret: name, createGithubSecret } = area.infra;
    if (createGithubSecret) {
      const secret = new CfnSecret(this, "GitHubSecret", {
        name,
        description: "Windlass: the GitHub App's appId and privateKey, as JSON",
      });
      Validations.of(secret).acknowledge({
        id: "AwsSolutions-SMG4",
        reason: "The key of a GitHub App is made by GitHub alone, so no function of ours can rotate it.",
      });
    }
    return secretArnOf(area);
  }
}

interface FunctionParts {
  readonly artifacts: Artifacts;
  readonly bucket: StateBucket["bucket"];
  readonly topics: Topics;
}
