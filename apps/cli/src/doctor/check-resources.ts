import { headSource, partitionOf } from "@windlass/account-mapping";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import type { CliWorld } from "../cli-world.ts";
import type { OpenArea } from "../open-area.ts";
import { count } from "../words.ts";
import { type Finding, findOut, isNamed, ok, problem, warning } from "./finding.ts";

const PATIENCE_MS = 60_000;

/** Whether every image's repository lets the person look for its tag. The area's Lambda has a role of its own for that. */
export function checkRegistry(world: CliWorld, { clients, slice, name }: OpenArea): Promise<readonly Finding[]> {
  const { account, region } = slice.registry;
  const subject = `registry ${account} ${region}`;
  return findOut({
    subject,
    needs: "ecr:BatchGetImage on the images' repositories",
    async look() {
      const reader = createHeadReader({ client: await clients.ecr(region), registryId: account, fetch: world.fetch });
      const sources = Object.keys(slice.images).map((image) => ({ image, ...headSource(slice, name, image) }));
      const heads = Object.entries(await reader.readHeads(sources, {}, AbortSignal.timeout(PATIENCE_MS)));
      const denied = heads.filter(([, head]) => head.kind === "unreadable" && head.code === "access-denied");
      const findings = heads.flatMap(([image, head]): readonly Finding[] => {
        if (head.kind === "head") return [];
        const of = `image ${image}`;
        if (head.kind === "absent" && head.missing === "repository") {
          const hint = "push it, or correct its name or the source in the account mapping";
          return [
            problem({ code: "repository-missing", subject: of, message: "the registry has no such repository", hint }),
          ];
        }
        if (head.kind === "absent") {
          const hint = "release it: windlass release";
          return [warning({ code: "tag-missing", subject: of, message: "no image carries this area's tag", hint })];
        }
        if (head.code === "access-denied") return [];
        return [problem({ code: "registry-unreadable", subject: of, message: head.message, hint: "try again" })];
      });
      const readable = heads.length - denied.length;
      const seen = ok(
        "registry-read",
        subject,
        `${count(readable, "repository").replace(/ys$/, "ies")} could be looked at`,
      );
      if (denied.length === 0) return [seen, ...findings];
      const names = denied.map(([image]) => image).join(", ");
      const message = `${names}: you may not look; repositories let in the areas' roles, and usually nobody else`;
      const hint = "windlass explain --heads ledger shows what the area's own tick saw there";
      return [
        ...(readable === 0 ? [] : [seen]),
        { kind: "unknown", code: "not-permitted", subject, message, hint },
        ...findings,
      ];
    },
  });
}

/** The deploy group: at most one instance, none when nothing is deployed, and nothing suspended. */
export function checkGroup({ clients, names }: OpenArea): Promise<readonly Finding[]> {
  const subject = `deploy group ${names.deployGroup}`;
  return findOut({
    subject,
    needs: "autoscaling:DescribeAutoScalingGroups",
    async look() {
      const { DescribeAutoScalingGroupsCommand } = await import("@aws-sdk/client-auto-scaling");
      const client = await clients.autoScaling();
      const input = { AutoScalingGroupNames: [names.deployGroup] };
      const [group] = (await client.send(new DescribeAutoScalingGroupsCommand(input))).AutoScalingGroups ?? [];
      if (group === undefined) {
        const hint = "deploy the area's stack, or set infra.deployGroup in the account mapping";
        return [problem({ code: "group-missing", subject, message: "there is no such group", hint })];
      }
      const { MinSize, MaxSize, DesiredCapacity, Instances = [], SuspendedProcesses = [] } = group;
      const suspended = SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? []);
      const findings: Finding[] = [];
      if (MinSize !== 0 || MaxSize !== 1) {
        const hint = "set its sizes to 0 and 1, or deploy the area's stack again";
        findings.push(
          problem({ code: "group-size", subject, message: `its sizes are ${MinSize} to ${MaxSize}, not 0 to 1`, hint }),
        );
      }
      if (suspended.length > 0) {
        const hint = `aws autoscaling resume-processes --auto-scaling-group-name ${names.deployGroup}`;
        findings.push(
          problem({ code: "group-suspended", subject, message: `suspended: ${suspended.join(", ")}`, hint }),
        );
      }
      const standing = `capacity ${DesiredCapacity}, ${count(Instances.length, "instance")}`;
      return findings.length > 0 ? findings : [ok("group-fine", subject, `0 to 1, ${standing}, nothing suspended`)];
    },
  });
}

/** The topics that deployments and alarms are told on. */
export async function checkTopics({ clients, names, area }: OpenArea): Promise<readonly Finding[]> {
  const { GetTopicAttributesCommand } = await import("@aws-sdk/client-sns");
  const client = await clients.sns();
  const found = ["start", "finished", "error"].map((name) => {
    const topic = `${names.prefix}-${name}`;
    const subject = `topic ${topic}`;
    const arn = `arn:${partitionOf(area.region)}:sns:${area.region}:${area.account}:${topic}`;
    return findOut({
      subject,
      needs: "sns:GetTopicAttributes",
      async look() {
        try {
          await client.send(new GetTopicAttributesCommand({ TopicArn: arn }));
          return [ok("topic-reached", subject, "it is there")];
        } catch (error) {
          if (!isNamed(error, "NotFound") && !isNamed(error, "NotFoundException")) throw error;
          const hint = "deploy the area's stack: it makes the topics";
          return [problem({ code: "topic-missing", subject, message: "there is no such topic", hint })];
        }
      },
    });
  });
  return (await Promise.all(found)).flat();
}
