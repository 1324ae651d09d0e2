import { type AccountMapping, areaNames, onlyArea } from "@windlass/account-mapping";
import type { SandboxAccount } from "@windlass/sandbox";

/** A policy as the area's stack gives to its bucket. The sandbox keeps it, and does not evaluate it. */
export const TLS_ONLY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});

/** What an area's stack makes and the demo does without: `windlass doctor` looks for it. */
export function makeBystanders(account: SandboxAccount, slice: AccountMapping): void {
  const { area } = onlyArea(slice);
  const { prefix, scheduleGroup: group } = areaNames(area);
  const schedules = account.schedules(area.region);
  const { timezone } = area.window;
  schedules.put({ group, name: `${prefix}-always`, expression: "rate(15 minutes)" });
  schedules.put({ group, name: `${prefix}-window-1`, expression: "cron(* * ? * * *)", timezone });
  for (const topic of ["start", "finished", "error"]) account.sns(area.region).createTopic(`${prefix}-${topic}`);
}
