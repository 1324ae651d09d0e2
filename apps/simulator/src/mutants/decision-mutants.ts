import type { ImagePlan } from "../core/scenario.ts";
import type { Mutant } from "./mutant.ts";

const CORE = "packages/deployment/src";

/** Flaws in what the decision core decides. */
export const DECISION_MUTANTS: readonly Mutant[] = [
  {
    name: "live-at-launch",
    seed: 1,
    by: ["S2"],
    flaw: "marks a digest live when it is launched, as the original did",
    file: `${CORE}/start-terraform.ts`,
    changes: [
      [
        "draft.updateImage(deployment.image, { deployNow: null });",
        "draft.updateImage(deployment.image, { deployNow: null, live: { digest: deployment.digest, commit: null, deployment: deployment.id, at: toInstant(now) } });",
      ],
    ],
  },
  {
    name: "relaunch-without-closing",
    seed: 7,
    by: ["S1"],
    provoke: { releases: 8, rates: { "boot-fails": 9, "lambda-dies-after": 10, "ticks-lost": 5 } },
    flaw: "ends a launch that nobody claimed without taking its claim",
    file: `${CORE}/watch-launch.ts`,
    changes: [
      [
        'context.draft.act({ kind: "close-claim", deployment: seen.id, epoch: seen.epoch });',
        'endDeployment(context.draft, seen, { outcome: "never-started", failure: closing }, context.now);',
      ],
    ],
  },
  {
    name: "ignore-epoch",
    seed: 9,
    by: ["S2"],
    provoke: { rates: { "result-broken": 25 } },
    flaw: "takes a result of another epoch",
    file: `${CORE}/watch-terraform.ts`,
    changes: [["if (result.epoch !== deployment.epoch) return", "if (false) return"]],
  },
  {
    name: "ignore-digest",
    seed: 1,
    by: ["S3"],
    provoke: { rates: { "result-broken": 25 } },
    flaw: "takes a success for another digest than was decided",
    file: `${CORE}/result-ending.ts`,
    changes: [["return result.exitCode === 0 && result.digest === digest;", "return result.exitCode === 0;"]],
  },
  {
    name: "head-at-launch",
    seed: 5,
    by: ["S3"],
    provoke: { controls: 40, releases: 10 },
    flaw: "assigns whatever the tag is on, as pulling by tag does",
    file: `${CORE}/start-terraform.ts`,
    changes: [["      digest: deployment.digest,\n", "      digest: record.head?.digest ?? deployment.digest,\n"]],
  },
  {
    name: "utc-windows",
    seed: 1,
    by: ["S10", "L2"],
    flaw: "reckons windows in UTC",
    file: `${CORE}/window.ts`,
    changes: [["toZonedDateTimeISO(window.timezone)", 'toZonedDateTimeISO("UTC")']],
  },
  {
    name: "forget-freezes",
    seed: 2,
    by: ["S10"],
    provoke: { mode: "safety", freezes: [{ from: "2026-01-01", to: "2031-12-31", reason: "for years" }] },
    flaw: "starts on frozen days",
    file: `${CORE}/window.ts`,
    changes: [
      [
        "isWithinHours(window, at) && (freezes.length === 0 || freezeOn(freezes, at.toPlainDate()) === undefined)",
        "isWithinHours(window, at)",
      ],
    ],
  },
  {
    name: "keep-deploy-now",
    seed: 4,
    by: ["S10"],
    provoke: { controls: 12 },
    flaw: "lets one request to deploy now allow every later start",
    file: `${CORE}/start-terraform.ts`,
    changes: [["draft.updateImage(deployment.image, { deployNow: null });", ""]],
  },
  {
    name: "forget-controls",
    seed: 1,
    by: ["S22", "L2"],
    provoke: { mode: "liveness", controls: 4, rates: { "out-of-memory": 12 } },
    flaw: "deletes controls without applying them",
    file: `${CORE}/apply-controls.ts`,
    changes: [["if (before === undefined) applyControl(context, control.value);", ""]],
  },
  {
    name: "no-block",
    seed: 3,
    by: ["S8"],
    provoke: { rates: { "out-of-memory": 15 } },
    flaw: "does not block after an unknown end",
    file: `${CORE}/end-deployment.ts`,
    changes: [["return { block: { deployment: id, outcome, at }, disturbed", "return { disturbed"]],
  },
  {
    name: "lost-while-applying",
    seed: 3,
    by: ["S8"],
    provoke: { rates: { "host-lost": 9 } },
    flaw: "takes an instance that died while applying for one that had not begun",
    file: `${CORE}/outcome.ts`,
    changes: [['return phase === "applying" || phase === "saving";', 'return phase === "saving";']],
  },
  {
    name: "reap-on-time",
    seed: 1,
    by: ["S6"],
    provoke: { slow: 0.5 },
    flaw: "ends an instance two minutes after its launch, whatever its lease says",
    file: `${CORE}/watch-holder.ts`,
    changes: [
      ["if (ageSeconds < LEASE_EXPIRY_SECONDS) {", "if (now.getTime() - Date.parse(startOf(deployment)) < 90_000) {"],
      ["    unlessRenewed: deployment.id,", "    unlessRenewed: null,"],
    ],
  },
  {
    name: "runner-clock",
    seed: 6,
    by: ["S6"],
    provoke: { slow: 0.9, rates: { "clock-skew": 2.5 } },
    flaw: "reckons a lease's age by the runner's clock",
    file: `${CORE}/watch-holder.ts`,
    changes: [
      [
        'if (run.lease.kind === "present" && own !== null) return run.lease.ageSeconds;',
        "if (own !== null) return (Date.now() - Date.parse(own.at)) / 1000;",
      ],
      ["    unlessRenewed: deployment.id,", "    unlessRenewed: null,"],
    ],
  },
  {
    name: "absent-once",
    seed: 1,
    by: ["S17"],
    provoke: { releases: 16, rates: { "stale-reads": 7, "tick-twice": 12, "ticks-overlap": 8 } },
    flaw: "takes an instance that EC2 does not know for gone, at once",
    file: `${CORE}/instance-sighting.ts`,
    changes: [
      ["<= FORGOTTEN_AFTER_MS)", "< 0)"],
      ["return { gone: isSeenTwice(first, now), unknownSince: first };", "return { gone: true, unknownSince: first };"],
    ],
  },
  {
    name: "leaving-is-gone",
    seed: 4,
    by: ["S17", "S2"],
    provoke: { rates: { "slow-termination": 9, "runner-killed": 9 } },
    flaw: "takes an instance that shuts down for one that is gone",
    file: `${CORE}/instance-sighting.ts`,
    changes: [
      ['gone: reading.state === "terminated"', 'gone: reading.state !== "running" && reading.state !== "pending"'],
    ],
  },
  {
    name: "supersede-running",
    seed: 1,
    by: ["S4"],
    provoke: { rates: { "tag-moves-in-tick": 15 } },
    flaw: "lets a moved tag take the place of a deployment that runs",
    file: `${CORE}/plan-waiting.ts`,
    changes: [
      [
        "if (image === undefined || (current !== undefined && isStarted(current))) return;",
        "if (image === undefined) return;",
      ],
    ],
  },
  {
    name: "retry-for-ever",
    seed: 1,
    by: ["S11"],
    provoke: { rates: { "no-capacity": 10, "layers-missing": 15 } },
    flaw: "tries a digest that failed again and again",
    file: `${CORE}/attempts.ts`,
    changes: [["if (attempts === null) return null;", "if (attempts === null || !attempts.cancelled) return null;"]],
  },
  {
    name: "ignore-dependencies",
    seed: 22,
    by: ["S21"],
    flaw: "starts an image before those that it comes after",
    file: `${CORE}/gate-rules.ts`,
    changes: [
      [
        'if (unsettled !== null) return stops({ kind: "waiting-dependency", ...unsettled });',
        'if (unsettled !== null && !context.now) return stops({ kind: "waiting-dependency", ...unsettled });',
      ],
    ],
  },
  {
    name: "vanished-tag",
    seed: 1,
    by: ["S17"],
    provoke: { rates: { "tag-vanishes": 15 } },
    flaw: "forgets the head when the tag is gone",
    file: `${CORE}/observe-heads.ts`,
    changes: [
      [
        "const known = draft.image(image).head;",
        "const known = draft.image(image).head; draft.updateImage(image, { head: null });",
      ],
    ],
  },
  {
    name: "order-by-push",
    seed: 6,
    by: ["L2"],
    provoke: { mode: "liveness", rates: { "tag-back": 7 } },
    flaw: "ignores a tag that moves back to an image that was pushed earlier",
    file: `${CORE}/observe-heads.ts`,
    changes: [
      [
        "if (draft.image(image).head?.digest !== reading.head.digest)",
        "if (draft.image(image).head?.digest !== reading.head.digest && (reading.head.pushedAt ?? '') >= (draft.image(image).head?.pushedAt ?? ''))",
      ],
    ],
  },
  {
    name: "any-end-of-a-refresh",
    seed: 2,
    by: ["S2"],
    provoke: { rates: { "refresh-fails": 4.5 } },
    flaw: "takes a refresh that has ended for one that succeeded",
    file: `${CORE}/watch-refresh.ts`,
    changes: [
      [
        "if (unconfirmed(context, deployment, rollout).length === 0) {",
        "if (Object.values(refresh.groups).every(hasEnded)) {",
      ],
    ],
  },
  {
    name: "trust-the-tag",
    seed: 3,
    by: ["S3"],
    provoke: {
      images: applications(6),
      window: { timezone: "UTC", days: "MON-SUN", hours: "00:00-24:00" },
      ...{ days: 1, releases: 600, rush: 1, controls: 0, calls: 20_000 },
      rates: { "request-late": 12 },
    },
    flaw: "takes a refresh for one to its digest though the group was told another meanwhile",
    file: `${CORE}/watch-refresh.ts`,
    changes: [["!isSuccessful(group) || tagOf(context, name, image) !== digest", "!isSuccessful(group)"]],
  },
  {
    name: "deliver-without-intent",
    seed: 25,
    by: ["S12"],
    provoke: { github: true, releases: 8, rates: { "ticks-overlap": 10, "call-slow": 8 } },
    flaw: "delivers reports while another tick does",
    file: `${CORE}/plan-reports.ts`,
    changes: [["if (isFuture(delivery.until, input.now)) return idle;", ""]],
  },
  {
    name: "make-without-looking",
    seed: 1,
    by: ["S12"],
    provoke: { github: true, rates: { "github-fails": 6, "lambda-dies-after": 4 } },
    flaw: "makes a check run and an issue again after a reply was lost, as the original did",
    file: `${CORE}/plan-reports.ts`,
    changes: [["{ ...placeOf(report, name), tried: true }", "{ ...placeOf(report, name), tried: false }"]],
  },
];

/** Images of applications that depend on nothing and are never bad. */
function applications(count: number): readonly ImagePlan[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `img-${index}`,
    kind: "instance-refresh" as const,
    ...{ after: [], retries: 0, timeoutMinutes: 30, state: "managed" as const, entrypoint: false, bad: 0 },
  }));
}
