import { viewArea } from "@windlass/area-view";
import { isWindowOpen } from "@windlass/deployment";
import type { OpenArea } from "../open-area.ts";
import { formatAge } from "../words.ts";
import { type Finding, findOut, isNamed, ok, problem, warning } from "./finding.ts";

/** Schedules, and what the ticks that they make have left behind. */
export async function checkTicks(open: OpenArea, now: Date): Promise<readonly Finding[]> {
  const { prefix } = open.names;
  const found = await Promise.all([
    checkSchedule(open, `${prefix}-always`),
    checkSchedule(open, `${prefix}-window-1`),
    checkLedger(open, now),
  ]);
  return found.flat();
}

function checkSchedule({ clients, names }: OpenArea, name: string): Promise<readonly Finding[]> {
  const subject = `schedule ${name}`;
  return findOut({
    subject,
    needs: "scheduler:GetSchedule",
    async look() {
      const { GetScheduleCommand } = await import("@aws-sdk/client-scheduler");
      const client = await clients.scheduler();
      try {
        const answer = await client.send(new GetScheduleCommand({ Name: name, GroupName: names.scheduleGroup }));
        const { State, ScheduleExpression, ScheduleExpressionTimezone } = answer;
        if (State === "ENABLED") {
          return [ok("schedule-enabled", subject, `${ScheduleExpression} (${ScheduleExpressionTimezone})`)];
        }
        const hint =
          "enable it again in EventBridge Scheduler, or deploy the area's stack; to stop deployments, windlass pause does";
        return [problem({ code: "schedule-disabled", subject, message: "it is disabled: no ticks", hint })];
      } catch (error) {
        if (!isNamed(error, "ResourceNotFoundException")) throw error;
        const hint = "deploy the area's stack: it makes the schedules";
        return [problem({ code: "schedule-missing", subject, message: "there is no such schedule", hint })];
      }
    },
  });
}

/** A steady tick writes nothing: the ledger's age says little, a control that nobody takes says that no tick runs. */
function checkLedger(open: OpenArea, now: Date): Promise<readonly Finding[]> {
  const subject = "ticks";
  return findOut({
    subject,
    needs: "s3:GetObject and s3:ListBucket on the state bucket",
    async look() {
      const { store, scope, slice, area } = open;
      const [read, controls] = await open.attempt(() => Promise.all([store.readLedger(scope), store.listControls()]));
      if (read.kind === "missing") {
        const message = "no tick has ever written the area's ledger";
        return [problem({ code: "never-ticked", subject, message, hint: describeLog(open) })];
      }
      const { ledger } = read;
      const view = viewArea({ slice, ledger, controls, now });
      const window = isWindowOpen(area, now) ? "open" : "closed";
      const age = `the last tick that changed something was ${formatAge(ledger.updatedAt, now)} ago; the window is ${window}`;
      const findings: Finding[] = [];
      if (view.paused !== null) {
        const message = `the area is paused by ${view.paused.by}: ${view.paused.reason}`;
        findings.push(
          warning({ code: "paused", subject, message, hint: `windlass resume --area ${open.name} --reason "..."` }),
        );
      }
      if (controls.kind === "unreadable") {
        findings.push({
          kind: "unknown",
          code: "not-permitted",
          subject: "controls",
          message: controls.message,
          hint: "it takes s3:ListBucket on the state bucket",
        });
      } else if (view.controls.kind === "controls" && view.controls.overdue) {
        const message = `a control waits for longer than the slowest schedule takes; ${age}`;
        return [...findings, problem({ code: "no-ticks", subject, message, hint: describeLog(open) })];
      }
      return [...findings, ok("ticking", subject, age)];
    },
  });
}

function describeLog({ names, area }: OpenArea): string {
  return `look at the log and the errors of the function ${names.deployFunction} in account ${area.account}`;
}
