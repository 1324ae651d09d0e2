import type { Mutant } from "./mutant.ts";

const LAMBDA = "apps/deploy-lambda/src";
const RUNNER = "apps/deploy-runner/src";
const STORE = "packages/ledger-store/src";

/** Flaws in how the function, the runner and the adapters do what was decided. */
export const EFFECT_MUTANTS: readonly Mutant[] = [
  {
    name: "skip-the-claim",
    seed: 6,
    by: ["S1"],
    provoke: { rates: { "group-rebalances": 14, "host-shuts-down": 9 } },
    flaw: "deploys whoever holds the claim and writes the lease",
    file: `${RUNNER}/run-deployment.ts`,
    changes: [['return claim.kind === "held" ?', "return claim ?"]],
    also: [
      {
        file: `${RUNNER}/lease-writer.ts`,
        changes: [["return there.lease.nonce === settings.nonce ? null :", "return settings.nonce !== null ? null :"]],
      },
    ],
  },
  {
    name: "phase-too-late",
    seed: 1,
    by: ["S8"],
    flaw: "begins to apply before the phase is stored",
    file: `${RUNNER}/deploy-image.ts`,
    changes: [
      ['if (!(await lease.acknowledge("applying"))) return stoppedEarly(run, record);', 'lease.enter("applying");'],
    ],
  },
  {
    name: "break-any-lock",
    seed: 1,
    by: ["S7"],
    provoke: { rates: { "strange-lock": 18 } },
    flaw: "breaks a state lock without EC2's word on its holder",
    file: `${RUNNER}/state-lock.ts`,
    changes: [
      [
        "return confirmedDead.find((deployment) => deployment === host) ?? null;",
        "return (confirmedDead[0] ?? host) as DeploymentId;",
      ],
    ],
  },
  {
    name: "no-protection",
    seed: 1,
    by: ["S6"],
    flaw: "claims and applies on an instance that scale-in may take",
    file: `${RUNNER}/run-deployment.ts`,
    changes: [["    await protectInstance(run);\n", ""]],
  },
  {
    name: "exit-code-ignored",
    seed: 6,
    by: ["S2", "S8"],
    flaw: "takes an apply that ended for one that succeeded",
    file: `${RUNNER}/verdict.ts`,
    changes: [
      [
        "  if (code === 0) return succeeded(code);\n  const broken",
        "  if (code >= 0) return succeeded(0);\n  const broken",
      ],
    ],
  },
  {
    name: "unsaved-is-failed",
    seed: 3,
    by: ["S8"],
    provoke: { rates: { "state-not-stored": 15 } },
    flaw: "takes a state that was not stored for a failure like any other",
    file: `${RUNNER}/deploy-image.ts`,
    changes: [
      [
        "return (await keepState(context, ended, store)) ?? judgeApply(ended);",
        "await keepState(context, ended, store);\n  return judgeApply(ended);",
      ],
    ],
  },
  {
    name: "crash-is-failed",
    seed: 3,
    by: ["S8"],
    provoke: { rates: { "provider-crashes": 25 } },
    flaw: "takes a provider's crash for a failure like any other",
    file: `${RUNNER}/crash.ts`,
    changes: [['return PROVIDER.test(text) ? "provider" : null;', "return null;"]],
  },
  {
    name: "empty-state",
    seed: 10,
    by: ["S8"],
    provoke: {
      window: { timezone: "UTC", days: "MON-SUN", hours: "00:00-24:00" },
      ...{ freezes: [], releases: 10, rates: { "state-cut": 4 } },
    },
    flaw: "begins with an empty state where the stored one is missing or cut short",
    file: `${RUNNER}/store-folder.ts`,
    changes: [
      ["if (expectsState && states.length === 0) throw stateMissing(run, image);", ""],
      ["if (cut !== undefined) throw stateCut(run, image, cut);", "if (cut !== undefined) kept.delete(cut);"],
    ],
  },
  {
    name: "secrets-told",
    seed: 9,
    by: ["S14"],
    provoke: { github: true, rates: { canaries: 1.8 } },
    flaw: "does not redact what Terraform says",
    file: `${RUNNER}/run-step.ts`,
    changes: [
      [
        "take: (bytes) => redactor.push(decoder.decode(bytes, { stream: true })),",
        "take: (bytes) => decoder.decode(bytes, { stream: true }),",
      ],
    ],
  },
  {
    name: "act-without-commit",
    seed: 3,
    by: ["S1"],
    provoke: { releases: 12, rates: { "ticks-overlap": 11, "no-capacity": 8, "clock-skew": 2.5 } },
    flaw: "acts on a plan whose commit was lost to another tick, as two functions of the original did",
    file: `${LAMBDA}/tick.ts`,
    changes: [
      [
        'if (committed.kind === "lost") return summarizeLost(moment);\n',
        'if (committed.kind === "lost") { await performActions(ports, { actions: plan.actions, now, clock, signal }); return summarizeLost(moment); }\n',
      ],
    ],
  },
  {
    name: "act-before-commit",
    seed: 2,
    provoke: { rates: { "ticks-overlap": 11 } },
    flaw: "acts before the ledger says so",
    file: `${LAMBDA}/tick.ts`,
    changes: [
      [
        "const committed = await commitLedger(ports.store, reports.ledger, { stored: opened, signal });",
        "await performActions(ports, { actions: plan.actions, now, clock, signal });\n  const committed = await commitLedger(ports.store, reports.ledger, { stored: opened, signal });",
      ],
    ],
  },
  {
    name: "deliver-by-own-clock",
    seed: 6,
    by: ["S12"],
    provoke: { github: true, rates: { "clock-skew": 2.5, "ticks-overlap": 10 } },
    flaw: "takes another tick's intent to deliver for ended by its own clock, which may be ahead",
    file: `${LAMBDA}/tick.ts`,
    changes: [["sinks: ports.reports.sinks, now: shared() }", "sinks: ports.reports.sinks, now }"]],
  },
  {
    name: "no-history",
    seed: 1,
    by: ["S4"],
    flaw: "drops ended deployments instead of keeping them in the history",
    file: `${LAMBDA}/perform.ts`,
    changes: [["await store.appendHistory(action.deployment, signal);", ""]],
  },
  {
    name: "unconditional-commit",
    seed: 1,
    by: ["S4"],
    flaw: "writes the ledger whatever is there",
    file: `${STORE}/conditional-put.ts`,
    changes: [["{ IfMatch: condition.etag }", "{}"]],
  },
  {
    name: "precondition-is-conflict",
    seed: 1,
    by: ["S4"],
    provoke: { rates: { "ticks-overlap": 11, "s3-conflict": 0 } },
    flaw: "takes 412, a lost race, for 409, which is tried again",
    file: `${STORE}/s3-failure.ts`,
    changes: [
      [
        'if (status === 412) return { kind: "condition-failed" };',
        'if (status === 412) return { kind: "conflict", error: error("conflict") };',
      ],
    ],
  },
  {
    name: "refresh-without-tag",
    seed: 2,
    by: ["S3", "L2"],
    flaw: "starts a refresh without telling the group what to run",
    file: "packages/asg-orchestrator/src/start-refresh.ts",
    changes: [["await tagGroup(client, request.group, { tag, signal });", ""]],
  },
];
