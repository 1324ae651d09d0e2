import type { AccountMapping } from "@windlass/account-mapping";
import { openContext } from "./context.ts";
import { explainImages } from "./explain.ts";
import type { Ledger } from "./ledger.ts";
import type { ControlsReading, HeadReading, Observation } from "./observation.ts";
import type { Reason } from "./reason.ts";

/**
 * Where every image stands by the ledger alone, as the last tick left it: nothing is decided, and nobody is asked. Heads
 * are those that the last tick saw; a group that no deployment is using counts as free.
 */
export function explainLedger(
  ledger: Ledger,
  controls: ControlsReading,
  slice: AccountMapping,
  now: Date,
): Readonly<Record<string, Reason>> {
  return explainImages(openContext(ledger, recallObservation(ledger, controls, slice), slice, now));
}

function recallObservation(ledger: Ledger, controls: ControlsReading, slice: AccountMapping): Observation {
  const heads = Object.keys(slice.images).map((image) => [image, recallHead(ledger, image)] as const);
  return {
    heads: Object.fromEntries(heads),
    group: { kind: "group", desired: 0, instances: [], suspendedProcesses: [], deploymentTag: null },
    controls,
    runs: {},
    instances: {},
    launchFailures: [],
    ...recallGroups(slice),
  };
}

function recallHead({ images }: Ledger, image: string): HeadReading {
  const head = images[image]?.head ?? null;
  return head === null ? { kind: "absent", missing: "tag" } : { kind: "head", head };
}

/** Groups that are named by a tag are not known without asking: one stands for them that nothing else can be in. */
function recallGroups(slice: AccountMapping): Pick<Observation, "groups" | "refreshes"> {
  const groups = Object.entries(slice.images).flatMap(([image, found]) => {
    if (found.kind !== "instance-refresh") return [];
    const { groups: selector } = found;
    const names = selector.kind === "names" ? selector.names : [`of ${image} by tag`];
    return [[image, { kind: "groups", names }] as const];
  });
  const refreshes = groups.flatMap(([, { names }]) => names.map((name) => [name, NO_REFRESHES] as const));
  return { groups: Object.fromEntries(groups), refreshes: Object.fromEntries(refreshes) };
}

const NO_REFRESHES = { kind: "refreshes", refreshes: [], imageTags: {} } as const;
