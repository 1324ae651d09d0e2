import { renderUserData } from "@windlass/instance-boot";
import { Fn, Validations } from "aws-cdk-lib";
import { CfnAutoScalingGroup, CfnScheduledAction } from "aws-cdk-lib/aws-autoscaling";
import { CfnLaunchTemplate } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { roleArn } from "../area-names.ts";
import { dailyRecurrence } from "../cron.ts";
import { OWNER_TAG } from "./apply-boundary.ts";
import type { AreaNetwork } from "./area-network.ts";
import type { AreaScope } from "./area-scope.ts";
import type { FileObject } from "./file-object.ts";

export interface DeployGroupProps {
  readonly scope: AreaScope;
  readonly network: AreaNetwork;
  readonly profileArn: string;
  readonly runner: FileObject;
  readonly node: FileObject;
}

/** Beyond the longest timeout of an image: the runner has time to end Terraform and to save what there is. */
const HARD_LIMIT_MARGIN_SECONDS = 3600;

/**
 * The group whose one instance runs a deployment; no instance most of the time.
 *
 * It may have several subnets: CloudFormation can not suspend AZRebalance, but a group of one instance is in balance
 * wherever that is, and a second instance would lose the claim. A Zone without capacity is the likelier trouble.
 */
export class DeployGroup extends Construct {
  constructor(scope: Construct, id: string, props: DeployGroupProps) {
    super(scope, id);
    const { area, names } = props.scope;
    const template = this.createTemplate(props);
    const group = new CfnAutoScalingGroup(this, "Group", {
      autoScalingGroupName: names.deployGroup,
      minSize: "0",
      maxSize: "1",
      // No desired capacity: an update of the stack must not touch a deployment.
      vpcZoneIdentifier: [...props.network.subnetIds],
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: template.ref,
            version: template.attrLatestVersionNumber,
          },
          overrides: area.infra.instanceTypes.map((instanceType) => ({ instanceType })),
        },
        instancesDistribution: {
          onDemandPercentageAboveBaseCapacity: 100,
          onDemandAllocationStrategy: "prioritized",
        },
      },
      // The runner protects itself once it works, and the evening then removes what is dead.
      newInstancesProtectedFromScaleIn: false,
      capacityRebalance: false,
      healthCheckType: "EC2",
    });
    // Otherwise an update puts back the sizes of the template.
    group.cfnOptions.updatePolicy = { autoScalingScheduledAction: { ignoreUnmodifiedGroupSizeProperties: true } };
    Validations.of(group).acknowledge(
      {
        id: "AwsSolutions-AS3",
        reason:
          "Launches and terminations of this group go to the deploy Lambda as EventBridge events, which tells people on the three topics what became of the deployment; the group's own notifications would say the same a second time.",
      },
      {
        id: "AwsSolutions-EC26",
        reason:
          "The rule does not look into a MixedInstancesPolicy; the launch template that it names encrypts the volume, and a test of our own holds it to that.",
      },
    );
    new CfnScheduledAction(this, "Evening", {
      autoScalingGroupName: group.ref,
      desiredCapacity: 0,
      recurrence: dailyRecurrence(area.infra.eveningMinute),
      timeZone: area.window.timezone,
    });
  }

  private createTemplate(props: DeployGroupProps): CfnLaunchTemplate {
    const { infra } = props.scope.area;
    const image = `al2023-ami-kernel-default-${infra.architecture}`;
    const tags = [{ key: OWNER_TAG, value: props.scope.names.prefix }];
    return new CfnLaunchTemplate(this, "Template", {
      tagSpecifications: [{ resourceType: "launch-template", tags }],
      launchTemplateData: {
        tagSpecifications: [{ resourceType: "volume", tags }],
        imageId: `resolve:ssm:/aws/service/ami-amazon-linux-latest/${image}`,
        iamInstanceProfile: { arn: props.profileArn },
        securityGroupIds: [props.network.securityGroupId],
        instanceInitiatedShutdownBehavior: "terminate",
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          // Always said: without it Amazon Linux's own 2 counts, and containers reach the instance's role.
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "enabled",
        },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: { encrypted: true, volumeType: "gp3", volumeSize: infra.volumeGiB, deleteOnTermination: true },
          },
        ],
        userData: Fn.base64(renderBoot(props)),
      },
    });
  }
}

function renderBoot({ scope, runner, node }: DeployGroupProps): string {
  const { mapping, name, area, names } = scope;
  const timeouts = Object.values(mapping.images).map((image) => image.timeoutSeconds);
  return renderUserData({
    area: name,
    account: area.account,
    region: area.region,
    stateBucket: names.stateBucket,
    deployGroup: names.deployGroup,
    applyRole: roleArn(area, names.applyRole),
    architecture: area.infra.architecture,
    engine: "docker",
    runner: fileOf(runner),
    node: fileOf(node),
    release: null,
    hardLimitSeconds: Math.max(0, ...timeouts) + HARD_LIMIT_MARGIN_SECONDS,
  });
}

function fileOf({ bucket, key, sha256 }: FileObject) {
  return { bucket, key, sha256 };
}
