import type { Mutant } from "./mutant.ts";

const CORE = "packages/deployment/src";
const ALWAYS = { timezone: "UTC", days: "MON-SUN", hours: "00:00-24:00" } as const;

/** Flaws in what becomes of that which people ask for, and in how often something is tried. */
export const PEOPLE_MUTANTS: readonly Mutant[] = [
  {
    name: "forget-a-pause",
    seed: 1,
    by: ["S22"],
    provoke: { window: ALWAYS, freezes: [], controls: 40, releases: 16 },
    flaw: "starts in an area that is paused",
    file: `${CORE}/gate-rules.ts`,
    changes: [
      ['request === null ? passes("the area is not paused") :', 'request !== undefined ? passes("whatever it is") :'],
    ],
  },
  {
    name: "resume-by-itself",
    seed: 1,
    by: ["S22"],
    provoke: { controls: 20 },
    flaw: "takes a second pause for a resume",
    file: `${CORE}/apply-controls.ts`,
    changes: [
      [
        "  if (paused !== null) return `the area is paused by",
        "  if (paused !== null) draft.setPause(null);\n  if (paused !== null) return `the area is paused by",
      ],
    ],
  },
  {
    name: "hold-is-a-wish",
    seed: 1,
    by: ["S3"],
    provoke: { window: ALWAYS, freezes: [], controls: 40, releases: 16 },
    flaw: "deploys the head of an image that is held at another digest",
    file: `${CORE}/context.ts`,
    changes: [["if (hold === null) return head;", "if (hold === null || head !== null) return head;"]],
  },
  {
    name: "cancel-at-window-close",
    seed: 1,
    by: ["S23"],
    provoke: { freezes: [], releases: 10 },
    flaw: "cancels what waits when the window closes",
    file: `${CORE}/plan-waiting.ts`,
    changes: [
      [
        "if (current.digest === wanted?.digest && current.kind === image.kind) return;",
        'if (current.digest === wanted?.digest && current.kind === image.kind) { if (context.window.kind !== "open") endDeployment(draft, current, { outcome: "cancelled", failure: null }, now); return; }',
      ],
    ],
  },
  {
    name: "retry-at-once",
    seed: 1,
    by: ["S11"],
    provoke: { window: ALWAYS, freezes: [], rates: { "disk-full": 8, "layers-missing": 8, "no-capacity": 8 } },
    flaw: "tries again without waiting",
    file: `${CORE}/gate-rules.ts`,
    changes: [
      [
        "if (attempts?.notBefore == null || !isFuture(attempts.notBefore, context.now)) {",
        "if (attempts?.notBefore == null || attempts.interrupted < 9) {",
      ],
    ],
  },
  {
    name: "one-try-more",
    seed: 2,
    by: ["S11"],
    provoke: { window: ALWAYS, freezes: [], releases: 12, controls: 0 },
    flaw: "tries what failed once more than the mapping says",
    file: `${CORE}/attempts.ts`,
    changes: [["if (attempts.failed > image.retries) {", "if (attempts.failed > image.retries + 1) {"]],
  },
];
