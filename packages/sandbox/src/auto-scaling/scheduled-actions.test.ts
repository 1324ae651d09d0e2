import {
  DeleteScheduledActionCommand,
  DescribeScheduledActionsCommand,
  PutScheduledUpdateGroupActionCommand,
  type PutScheduledUpdateGroupActionCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { createScaling, group, settle, start } from "./testing/scaling-fixture.ts";

describe("scheduled actions", () => {
  const evening = {
    AutoScalingGroupName: group,
    ScheduledActionName: "evening",
    Recurrence: "0 19 * * MON-FRI",
    TimeZone: "Australia/Sydney",
    DesiredCapacity: 0,
  };

  it("are stored, shown and deleted", async () => {
    const { client } = createScaling();
    const list = () => client.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName: group }));
    await client.send(new PutScheduledUpdateGroupActionCommand(evening));

    const stored = await list();
    const remove = new DeleteScheduledActionCommand({ AutoScalingGroupName: group, ScheduledActionName: "evening" });
    await client.send(remove);

    expect(stored.ScheduledUpdateGroupActions).toMatchObject([evening]);
    expect((await list()).ScheduledUpdateGroupActions).toEqual([]);
    await expect(client.send(remove)).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("when they are run take the instances, but for those that are protected", async () => {
    const { client, groups, clock, active } = createScaling({ desired: 1 });
    await client.send(new PutScheduledUpdateGroupActionCommand(evening));
    await clock.advance(settle);

    groups.runScheduledAction("evening");
    await clock.advance(settle);
    expect(active()).toEqual([]);
    groups.deleteGroup(group);
    await clock.advance(settle);
    groups.createGroup(group, { desired: 1, protectNewInstances: true });
    await client.send(new PutScheduledUpdateGroupActionCommand(evening));
    await clock.advance(settle);
    groups.runScheduledAction("evening", group);
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
    expect(groups.group(group)?.desired).toBe(0);
  });

  it.each<[string, Partial<PutScheduledUpdateGroupActionCommandInput>]>([
    ["six fields", { Recurrence: "0 19 * * ? *" }],
    ["an unknown time zone", { TimeZone: "Mars/Olympus" }],
    ["nothing to do", { DesiredCapacity: undefined }],
    ["a start in the past", { StartTime: new Date(start - 1000) }],
    ["no time at all", { Recurrence: undefined }],
  ])("are refused with %s", async (_, change) => {
    const { client } = createScaling();

    const put = client.send(new PutScheduledUpdateGroupActionCommand({ ...evening, ...change }));

    await expect(put).rejects.toMatchObject({ name: "ValidationError" });
  });
});
