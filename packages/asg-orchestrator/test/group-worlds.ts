import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { clientConfig, type RunningMoto } from "@windlass/moto";
import { createSandbox, virtualClock } from "@windlass/sandbox";

const account = "222222222222";
export const started = Date.UTC(2026, 10, 24);

export interface NewGroup {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly desired?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One account with EC2 and EC2 Auto Scaling. */
export interface GroupWorld {
  readonly client: AutoScalingClient;
  readonly ec2: EC2Client;
  createGroup(group: NewGroup): Promise<void>;
  /** Lets everything happen that follows from the calls so far. */
  settle(): Promise<void>;
  tagsOf(instance: string): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

export function sandboxWorld() {
  const clock = virtualClock(started);
  const sandbox = createSandbox({ clock });
  const config = { ...sandbox.clientConfig({ account }), maxAttempts: 1 };
  const world = createWorld(new AutoScalingClient(config), new EC2Client(config), () => clock.advance(15 * 60_000));
  return { ...world, sandbox, clock, account: sandbox.account(account) };
}

export async function motoWorld(moto: RunningMoto): Promise<GroupWorld> {
  await moto.reset();
  const config = clientConfig({ url: moto.url, account });
  return createWorld(new AutoScalingClient(config), new EC2Client(config), async () => undefined);
}

function createWorld(client: AutoScalingClient, ec2: EC2Client, settle: () => Promise<void>): GroupWorld {
  let templates = 0;
  return {
    client,
    ec2,
    settle,
    async createGroup({ name, min = 0, max = 1, desired = min, tags = {} }) {
      templates += 1;
      const LaunchTemplateName = `template-${templates}`;
      const LaunchTemplateData = { ImageId: "ami-12c6146b", InstanceType: "t3.small" } as const;
      await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }));
      await client.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          MinSize: min,
          MaxSize: max,
          DesiredCapacity: desired,
          LaunchTemplate: { LaunchTemplateName, Version: "$Latest" },
          AvailabilityZones: ["ap-southeast-2a"],
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: true })),
        }),
      );
      await settle();
    },
    async tagsOf(instance) {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
      const found = Reservations?.[0]?.Instances?.[0]?.Tags ?? [];
      return Object.fromEntries(found.map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
    },
    async close() {
      client.destroy();
      ec2.destroy();
    },
  };
}
