import { type Deployment, type DeploymentId, deploymentIdSchema, epochOf } from "@windlass/deployment";
import { parseDeployment, serializeDeployment } from "./history-record.ts";
import { HISTORY_PREFIX, historyKey, historyPrefix } from "./keys.ts";
import { LedgerStoreError } from "./ledger-store-error.ts";
import { readAll, type Storage, type Written } from "./storage.ts";

/** Deployments that ended, under `history/<year>/<month>/`. Appended once, never changed. */
export interface HistoryRecords {
  /** `exists`: it was appended before, and stays as it is. */
  appendHistory(deployment: Deployment, signal?: AbortSignal): Promise<Written>;
  /** Null where it is not there. Throws `record-invalid` where it can not be read as one. */
  readHistory(deployment: DeploymentId, signal?: AbortSignal): Promise<Deployment | null>;
  /**
   * Ids alone, in the order in which they were decided: one ListObjectsV2 for each 1,000. An id tells when, not of which
   * image. `month` as below.
   */
  listHistoryIds(range?: { readonly month?: string }, signal?: AbortSignal): Promise<readonly DeploymentId[]>;
  /**
   * In the order in which they were decided. `month`, e.g. `2026/11`, is that of the decision, in UTC. Throws
   * `record-invalid` rather than leave one out.
   */
  listHistory(range?: { readonly month?: string }, signal?: AbortSignal): Promise<readonly Deployment[]>;
}

const MOST_RECORDS = 100_000;

export function createHistoryRecords(storage: Storage): HistoryRecords {
  return {
    async appendHistory(deployment, signal) {
      const object = { key: historyKey(deployment.id), body: serializeDeployment(deployment) };
      const outcome = await storage.putConditionally({ ...object, condition: { kind: "absent" } }, signal);
      return outcome.kind === "written" ? "written" : "exists";
    },
    readHistory: (deployment, signal) => readDeployment(storage, historyKey(deployment), signal),
    async listHistoryIds(range = {}, signal) {
      const ids = (await listKeys(storage, range, signal)).flatMap(idOf);
      return ids.toSorted((one, other) => epochOf(one) - epochOf(other));
    },
    async listHistory(range = {}, signal) {
      const keys = await listKeys(storage, range, signal);
      const deployments = await readAll(keys, (key) => readDeployment(storage, key, signal));
      // Within one second, keys sort 10 before 9.
      return deployments.filter((deployment) => deployment !== null).sort((one, other) => one.epoch - other.epoch);
    },
  };
}

function listKeys(storage: Storage, { month }: { readonly month?: string }, signal?: AbortSignal) {
  const prefix = month === undefined ? HISTORY_PREFIX : historyPrefix(month);
  return storage.objects.list({ prefix, most: MOST_RECORDS }, signal);
}

/** What somebody else put there has no id. */
function idOf(key: string): readonly DeploymentId[] {
  const parsed = deploymentIdSchema.safeParse(/([^/]*)\.json$/.exec(key)?.[1]);
  return parsed.success ? [parsed.data] : [];
}

/** Null: it is not there, or was deleted since it was listed. */
async function readDeployment(storage: Storage, key: string, signal?: AbortSignal): Promise<Deployment | null> {
  const object = await storage.objects.get(key, signal);
  if (object === null) return null;
  const parsed = parseDeployment(object.text);
  // A copy of another deployment's record would be told as this one's.
  if (parsed.kind === "value" && historyKey(parsed.value.id) === key) return parsed.value;
  throw new LedgerStoreError({
    code: "record-invalid",
    message: "a record of the history can not be read",
    where: storage.objects.locate(key),
    found: parsed.kind === "value" ? `a record of deployment ${parsed.value.id}` : parsed.problem,
    hint: "a newer Windlass may have written it; the bucket also keeps earlier versions of it",
  });
}
