import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { describe, expect, it } from "vitest";
import { createSandbox, virtualClock } from "../src/index.ts";

const account = "222222222222";

function open() {
  const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24)) });
  const client = new SchedulerClient({ ...sandbox.clientConfig({ account }), maxAttempts: 1 });
  const get = (Name: string, GroupName?: string) => client.send(new GetScheduleCommand({ Name, GroupName }));
  return { schedules: sandbox.account(account).schedules(), get };
}

describe("EventBridge Scheduler", () => {
  it("shows a schedule of its group, with expression, zone and state", async () => {
    const { schedules, get } = open();
    const timezone = "Australia/Sydney";
    schedules.put({ group: "windlass", name: "window", expression: "cron(0 9 ? * * *)", timezone, enabled: false });

    expect(await get("window", "windlass")).toMatchObject({
      Arn: "arn:aws:scheduler:ap-southeast-2:222222222222:schedule/windlass/window",
      GroupName: "windlass",
      Name: "window",
      ScheduleExpression: "cron(0 9 ? * * *)",
      ScheduleExpressionTimezone: timezone,
      State: "DISABLED",
    });
  });

  it("looks in the group default where none is named, and knows no schedule that was taken away", async () => {
    const { schedules, get } = open();
    schedules.put({ group: "default", name: "always", expression: "rate(15 minutes)" });
    expect(await get("always")).toMatchObject({ State: "ENABLED", ScheduleExpressionTimezone: "UTC" });
    schedules.remove("default", "always");

    await expect(get("always")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(get("always", "windlass")).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });
});
