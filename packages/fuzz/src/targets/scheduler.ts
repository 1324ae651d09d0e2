import { ACCOUNT, type Answer, type Envelope, type SandboxWorld, signedFor } from "../sandbox-world.ts";
import { request } from "../seeds/write-request.ts";
import { promise } from "../target.ts";
import { requestTarget, signedForOneOf } from "./request-target.ts";

const headers = { authorization: signedFor("scheduler") };
const SCHEDULES = [
  { group: "default", name: "always", expression: "rate(15 minutes)" },
  { group: "windlass", name: "window.1", expression: "cron(0 9 ? * * *)" },
];

/** EventBridge Scheduler: what is asked for is in the path and the query. */
export const schedulerTarget = requestTarget(
  "scheduler",
  [
    request({ path: "/schedules/always", headers }),
    request({ path: "/schedules/window%2E1", headers, query: { groupName: "windlass" } }),
    request({ path: "/schedules/window.1", headers, query: { groupName: "windlass" } }),
  ],
  { prepare: putSchedules, reaches: signedForOneOf(["scheduler"]), check: checkAsked },
);

async function putSchedules({ sandbox }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  for (const schedule of SCHEDULES) sandbox.account(ACCOUNT).schedules().put(schedule);
  return {};
}

/** What is shown is what was asked for, and what was put there. */
async function checkAsked(_world: SandboxWorld, { method, path, query }: Envelope, { body }: Answer): Promise<void> {
  const shown = JSON.parse(body.toString("utf8")) as Readonly<Record<string, unknown>>;
  const name = decodeURIComponent(path.slice("/schedules/".length));
  const group = query["groupName"] ?? "default";
  const expression = SCHEDULES.find((one) => one.group === group && one.name === name)?.expression;
  promise(method === "GET" && path.startsWith("/schedules/"), "only what is asked for is shown", { method, path });
  promise(
    shown["Name"] === name && shown["GroupName"] === group && shown["ScheduleExpression"] === expression,
    "the schedule that is shown is the one that was asked for",
    { shown, name, group },
  );
}
