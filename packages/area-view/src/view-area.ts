import { type AccountMapping, onlyArea } from "@windlass/account-mapping";
import {
  type ControlsReading,
  type Deployment,
  type DeploymentId,
  emptyLedger,
  explainLedger,
  isAreaControl,
  type Lease,
  type Ledger,
  type ListedControl,
  type Reason,
  toInstant,
  windowAt,
} from "@windlass/deployment";
import type { AreaView, ControlsView, ControlView, LedgerView, PauseView } from "./area-view.ts";
import { viewImage } from "./view-image.ts";

export interface AreaInput {
  /** The account mapping cut down to the area. */
  readonly slice: AccountMapping;
  /** Null where there is none yet. */
  readonly ledger: Ledger | null;
  readonly controls: ControlsReading;
  /** Of the deployments that `runsToRead` names, by id; one that is not there was not read, or is not there yet. */
  readonly leases?: Readonly<Record<string, Lease>>;
  /** Deployments of the history, where they were read: they tell why something failed. */
  readonly ended?: readonly Deployment[];
  /** Where the images stand, where that was found out by looking further than the ledger. */
  readonly reasons?: Readonly<Record<string, Reason>>;
  readonly now: Date;
}

/** So long takes the slowest schedule of ticks, and one tick. */
const CONTROL_PATIENCE_MS = 20 * 60_000;

/**
 * What people see of an area.
 *
 * @example
 * ```ts
 * const view = viewArea({ slice, ledger, controls: { kind: "controls", controls: [] }, now });
 * view.images.filter(({ standing }) => standing === "failed");
 * ```
 */
export function viewArea(input: AreaInput): AreaView {
  const { slice, ledger, controls, leases = {}, ended = [], now } = input;
  const { name, area } = onlyArea(slice);
  const known = ledger ?? emptyLedger({ workload: slice.workload, area: name, account: area.account }, now);
  const reasons = input.reasons ?? explainLedger(known, controls, slice, now);
  return {
    workload: slice.workload,
    area: name,
    account: area.account,
    alias: area.alias,
    region: area.region,
    branch: area.branch,
    at: toInstant(now),
    window: windowAt(area, now),
    paused: pauseOf(known),
    ledger: ledger === null ? null : viewLedger(ledger, now),
    controls: viewControls(controls, known, now),
    images: Object.entries(slice.images).map(([image, mapped]) =>
      viewImage(
        { slice, ledger: known, leases, ended, reason: reasons[image] ?? { kind: "no-head" }, now },
        image,
        mapped,
      ),
    ),
  };
}

/** The deployments whose lease tells more than the ledger: those that an instance works on. */
export function runsToRead(ledger: Ledger): readonly DeploymentId[] {
  return Object.values(ledger.deployments)
    .filter(({ kind, state }) => kind === "terraform" && (state === "launching" || state === "running"))
    .map(({ id }) => id);
}

function pauseOf({ pause }: Ledger): PauseView | null {
  return pause === null ? null : { by: pause.by, reason: pause.reason, at: pause.at };
}

function viewLedger({ updatedAt }: Ledger, now: Date): LedgerView {
  return { changedAt: updatedAt, ageSeconds: Math.max(0, Math.round((now.getTime() - Date.parse(updatedAt)) / 1000)) };
}

function viewControls(reading: ControlsReading, ledger: Ledger, now: Date): ControlsView {
  if (reading.kind === "unreadable") return { kind: "unreadable", message: reading.message };
  const waiting = reading.controls.flatMap((listed) => viewControl(listed, ledger));
  return {
    kind: "controls",
    waiting,
    invalid: reading.controls.flatMap(({ key, control }) => (control.kind === "invalid" ? [key] : [])),
    overdue: waiting.some(({ at }) => now.getTime() - Date.parse(at) > CONTROL_PATIENCE_MS),
  };
}

/** One that was applied is only still to be deleted. */
function viewControl({ control }: ListedControl, { appliedControls }: Ledger): readonly ControlView[] {
  if (control.kind === "invalid") return [];
  const { id, kind, by, reason, at } = control.value;
  if (Object.hasOwn(appliedControls, id)) return [];
  return [{ id, kind, image: isAreaControl(control.value) ? null : control.value.image, by, reason, at }];
}
