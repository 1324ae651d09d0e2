import type { Network } from "@windlass/account-mapping";
import { Fn, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  CfnFlowLog,
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from "aws-cdk-lib/aws-ec2";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";
import { splitCidr } from "../split-cidr.ts";

export interface AreaNetworkProps {
  readonly network: Network;
  readonly flowLogRole: string;
  readonly prefix: string;
}

/** Where the deploy instance runs. Nothing can come in; what it needs, it fetches. */
export class AreaNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: AreaNetworkProps) {
    super(scope, id);
    const { network } = props;
    const { vpcId, subnetIds } =
      network.kind === "own" ? this.createVpc(network.cidr, props) : this.findVpc(network.vpc, network.subnets);
    this.subnetIds = subnetIds;
    const group = new CfnSecurityGroup(this, "SecurityGroup", {
      vpcId,
      groupDescription: "The deploy instance: nothing comes in",
      securityGroupEgress: [
        { ipProtocol: "-1", cidrIp: "0.0.0.0/0", description: "AWS, the registry, and what Terraform asks" },
      ],
    });
    this.securityGroupId = group.attrGroupId;
  }

  private findVpc(vpc: string, subnets: readonly string[]) {
    return { vpcId: this.idOf(vpc), subnetIds: subnets.map((subnet) => this.idOf(subnet)) };
  }

  /** CloudFormation reads parameters when it deploys, so that no account is asked for at synthesis. */
  private idOf(text: string): string {
    const [, parameter] = /^ssm:(.*)$/.exec(text) ?? [];
    return parameter === undefined ? text : StringParameter.valueForStringParameter(this, parameter);
  }

  /** Two subnets, so that a Zone without capacity has another beside it. */
  private createVpc(cidr: string, { flowLogRole, prefix }: AreaNetworkProps) {
    const vpc = new CfnVPC(this, "Vpc", { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true });
    const gateway = new CfnInternetGateway(this, "Gateway");
    const attachment = new CfnVPCGatewayAttachment(this, "GatewayAttachment", {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });
    const routes = new CfnRouteTable(this, "Routes", { vpcId: vpc.ref });
    const route = new CfnRoute(this, "Out", {
      routeTableId: routes.ref,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.ref,
    });
    route.addResourceDependency(attachment);
    const subnetIds = splitCidr(cidr).map((cidrBlock, index) => {
      const subnet = new CfnSubnet(this, `Subnet${index + 1}`, {
        vpcId: vpc.ref,
        cidrBlock,
        availabilityZone: Fn.select(index, Fn.getAzs()),
        // Its way out without the price of a NAT gateway; the security group lets nothing in.
        mapPublicIpOnLaunch: true,
      });
      new CfnSubnetRouteTableAssociation(this, `Subnet${index + 1}Routes`, {
        subnetId: subnet.ref,
        routeTableId: routes.ref,
      });
      return subnet.ref;
    });
    this.logFlows(vpc.ref, { flowLogRole, prefix });
    return { vpcId: vpc.ref, subnetIds };
  }

  private logFlows(vpcId: string, { flowLogRole, prefix }: Pick<AreaNetworkProps, "flowLogRole" | "prefix">): void {
    const { account, region, partition } = Stack.of(this);
    const log = new LogGroup(this, "FlowLogGroup", {
      logGroupName: `/${prefix}/flow-log`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "FlowLogRole", {
      roleName: flowLogRole,
      assumedBy: new ServicePrincipal("vpc-flow-logs.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
        },
      }),
      inlinePolicies: {
        log: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
              resources: [log.logGroupArn],
            }),
          ],
        }),
      },
    });
    new CfnFlowLog(this, "FlowLog", {
      resourceId: vpcId,
      resourceType: "VPC",
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logGroupName: log.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
    });
  }
}
