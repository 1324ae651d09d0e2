import { CreateOrUpdateTagsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTagsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { setDesired, withInstances } from "./testing/capacity-calls.ts";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

describe("tags of a group", () => {
  const tag = (Key: string, Value: string, PropagateAtLaunch = true) => ({
    ResourceId: group,
    ResourceType: "auto-scaling-group",
    Key,
    Value,
    PropagateAtLaunch,
  });

  it("reach instances that are launched later, and no others", async () => {
    const scaling = await withInstances(1, { max: 2, tags: { "windlass:deployment": "d-1" } });
    const valueOn = async (id: string | undefined) => {
      const Filters = [
        { Name: "resource-id", Values: [id ?? ""] },
        { Name: "key", Values: ["windlass:deployment"] },
      ];
      return (await scaling.ec2.send(new DescribeTagsCommand({ Filters }))).Tags?.[0]?.Value;
    };

    await scaling.client.send(
      new CreateOrUpdateTagsCommand({ Tags: [tag("windlass:deployment", "d-2"), tag("private", "x", false)] }),
    );
    await setDesired(scaling, 2);
    await scaling.clock.advance(settle);

    const [old, fresh] = scaling.active();
    expect([await valueOn(old), await valueOn(fresh)]).toEqual(["d-1", "d-2"]);
    const instance = scaling.compute.instances().find(({ instanceId }) => instanceId === fresh);
    expect(Object.keys(instance?.allTags ?? {}).sort()).toEqual([
      "aws:autoscaling:groupName",
      "aws:ec2launchtemplate:id",
      "aws:ec2launchtemplate:version",
      "windlass:deployment",
    ]);
  });

  it("are 50 at most, with keys of 128 and values of 256 characters, and never AWS's own", async () => {
    const { client, groups } = createScaling();
    const put = (Tags: ReturnType<typeof tag>[]) => client.send(new CreateOrUpdateTagsCommand({ Tags }));
    const many = Array.from({ length: 51 }, (_, index) => tag(`t${index}`, "x"));

    await expect(put(many)).rejects.toMatchObject({ name: "LimitExceededFault" });
    await expect(put([tag("k".repeat(129), "x")])).rejects.toMatchObject({ name: "ValidationError" });
    await expect(put([tag("k", "x".repeat(257))])).rejects.toMatchObject({ name: "ValidationError" });
    await expect(put([tag("aws:own", "x")])).rejects.toMatchObject({ name: "ValidationError" });
    await expect(put([{ ...tag("k", "x"), ResourceId: "other" }])).rejects.toMatchObject({ name: "ValidationError" });
    expect(groups.group(group)?.tags).toEqual({});
  });
});
