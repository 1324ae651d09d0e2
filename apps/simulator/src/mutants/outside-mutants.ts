import type { Mutant } from "./mutant.ts";

const NOTIFIER = "packages/github-notifier/src";
const SCALING = "packages/asg-orchestrator/src";
const RUNNER = "apps/deploy-runner/src";

/** Flaws in what Windlass asks of others: of Terraform, of Auto Scaling, of GitHub, and of its own time. */
export const OUTSIDE_MUTANTS: readonly Mutant[] = [
  {
    name: "apply-without-plan",
    seed: 1,
    by: ["S9"],
    flaw: "applies whatever Terraform finds then, instead of the plan that was shown",
    file: `${RUNNER}/terraform-commands.ts`,
    changes: [
      [
        'apply: ["apply", "-input=false", "-no-color", lock, PLAN_FILE],',
        'apply: ["apply", "-input=false", "-no-color", lock, "-auto-approve"],',
      ],
    ],
  },
  {
    name: "two-instances",
    seed: 1,
    by: ["S18"],
    flaw: "asks for two instances, which the group refuses",
    file: `${SCALING}/launch.ts`,
    changes: [["{ desired: 1, signal }", "{ desired: 2, signal }"]],
  },
  {
    name: "call-not-granted",
    seed: 1,
    by: ["S15"],
    flaw: "sets the capacity by a call that no role may make",
    file: `${SCALING}/change-group.ts`,
    changes: [
      ["  SetDesiredCapacityCommand,\n}", "  UpdateAutoScalingGroupCommand,\n}"],
      ["new SetDesiredCapacityCommand({", "new UpdateAutoScalingGroupCommand({"],
      ["    HonorCooldown: false,\n", ""],
    ],
  },
  {
    name: "success-whatever-came",
    seed: 1,
    by: ["S13"],
    provoke: { github: true, releases: 10, rates: { "out-of-memory": 6 } },
    flaw: "shows a check run as a success that was none",
    file: `${NOTIFIER}/show-check.ts`,
    changes: [['    default:\n      return "failure";', '    default:\n      return "success";']],
  },
  {
    name: "issue-stays-open",
    seed: 1,
    by: ["L4"],
    provoke: {
      mode: "liveness",
      github: true,
      window: { timezone: "UTC", days: "MON-SUN", hours: "00:00-24:00" },
      ...{ freezes: [], releases: 10, rates: { "out-of-memory": 6 } },
    },
    flaw: "does not close the issue when the image has succeeded again",
    file: "packages/deployment/src/report-places.ts",
    changes: [['return mayHaveIssue(ledger, own) ? "closed" : null;', "return null;"]],
  },
  {
    name: "status-half-told",
    seed: 3,
    by: ["L4"],
    provoke: { mode: "liveness", github: true, rates: { "out-of-memory": 6 } },
    flaw: "counts a GitHub deployment as shown whose status is another",
    file: `${NOTIFIER}/show-deployment.ts`,
    changes: [['    default:\n      return "error";', '    default:\n      return "in_progress";']],
  },
  {
    name: "renewal-unhandled",
    seed: 3,
    by: ["X1"],
    provoke: { slow: 0.5, rates: { "call-fails": 12, "runner-cut-off": 8 } },
    flaw: "handles no failure to renew the lease",
    file: `${RUNNER}/lease-keeper.ts`,
    changes: [
      ['log.warn({ phase, error: describeError(error) }, "lease not renewed");\n      return null;', "throw error;"],
    ],
  },
  {
    name: "no-deadline",
    seed: 1,
    by: ["L8"],
    provoke: { rates: { "call-slow": 60, "call-throttled": 20 } },
    flaw: "goes on working when the function's time is over",
    file: "apps/deploy-lambda/src/deadline.ts",
    changes: [["AbortSignal.timeout(milliseconds);", "AbortSignal.timeout(milliseconds * 100);"]],
  },
];
