import { type Control, type ControlsReading, controlSchema, type ListedControl } from "@windlass/deployment";
import { CONTROLS_PREFIX, controlKey } from "./keys.ts";
import { LedgerStoreError } from "./ledger-store-error.ts";
import { parseRecord, serializeRecord } from "./record.ts";
import { readAll, type Storage } from "./storage.ts";
import { toUnreadable } from "./unreadable.ts";

/** What people asked for, under `controls/`. */
export interface ControlRecords {
  /**
   * All controls, those first that were asked for first; one ListObjectsV2 where there are none. What does not parse
   * is listed as invalid. Never some of them: more than 1,000 are `unreadable`, since a control that was applied and
   * is not listed counts as deleted.
   */
  listControls(signal?: AbortSignal): Promise<ControlsReading>;
  /** Idempotent. Throws `already-exists` where another control has this id and time. */
  putControl(control: Control, signal?: AbortSignal): Promise<{ readonly key: string }>;
  /** Deletes a control by its key; one that is gone is fine. */
  deleteControl(key: string, signal?: AbortSignal): Promise<void>;
}

const MOST_CONTROLS = 1000;

export function createControlRecords(storage: Storage): ControlRecords {
  return {
    listControls: (signal) => listControls(storage, signal),
    putControl: (control, signal) => putControl(storage, control, signal),
    deleteControl: (key, signal) => deleteControl(storage, key, signal),
  };
}

async function listControls(storage: Storage, signal?: AbortSignal): Promise<ControlsReading> {
  try {
    const keys = await storage.objects.list({ prefix: CONTROLS_PREFIX, most: MOST_CONTROLS }, signal);
    const read = await readAll(keys, (key) => readControl(storage, key, signal));
    return { kind: "controls", controls: read.filter((control) => control !== null) };
  } catch (error) {
    return toUnreadable(error);
  }
}

/** Null: it was deleted since it was listed. */
async function readControl(storage: Storage, key: string, signal?: AbortSignal): Promise<ListedControl | null> {
  const object = await storage.objects.get(key, signal);
  if (object === null) return null;
  const parsed = parseRecord(object.text, controlSchema);
  return { key, control: parsed.kind === "value" ? { kind: "control", value: parsed.value } : parsed };
}

async function putControl(storage: Storage, control: Control, signal?: AbortSignal): Promise<{ readonly key: string }> {
  const key = controlKey(control);
  const body = serializeRecord(control);
  const outcome = await storage.putConditionally({ key, body, condition: { kind: "absent" } }, signal);
  if (outcome.kind === "written" || outcome.current?.text === body) return { key };
  throw new LedgerStoreError({
    code: "already-exists",
    message: "another control has the same id and time",
    where: storage.objects.locate(key),
    hint: "give the control an id of its own",
  });
}

async function deleteControl(storage: Storage, key: string, signal?: AbortSignal): Promise<void> {
  if (!key.startsWith(CONTROLS_PREFIX)) {
    throw new LedgerStoreError({
      code: "argument-invalid",
      message: "not the key of a control",
      expected: `a key that begins with ${CONTROLS_PREFIX}`,
      found: key,
    });
  }
  await storage.objects.remove(key, signal);
}
