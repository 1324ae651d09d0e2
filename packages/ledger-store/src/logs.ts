import type { DeploymentId } from "@windlass/deployment";
import { type LogStep, logKey, logPrefix, runPrefix } from "./keys.ts";
import { readAll, type Storage } from "./storage.ts";

export interface LogPlace {
  readonly deployment: DeploymentId;
  readonly step: LogStep;
  /** From 0 or 1 on, ascending. */
  readonly number: number;
}

export interface LogSegment extends LogPlace {
  readonly text: string;
}

export interface RunListing {
  /** In the order in which steps run, and of each step in order. */
  readonly segments: readonly LogPlace[];
  /** The result is there, which is written last. */
  readonly hasResult: boolean;
}

/** What a run printed, in segments, since S3 can not append: `runs/<deployment>/<step>/<number>.log`. */
export interface LogRecords {
  /** The claim's holder; writing a number again replaces that segment. Nothing is written where there is no text. */
  putLogSegment(segment: LogSegment, signal?: AbortSignal): Promise<void>;
  /** What a run has left so far, without its text: one ListObjectsV2 for each 1,000 objects. */
  listRun(deployment: DeploymentId, signal?: AbortSignal): Promise<RunListing>;
  /** One segment's text; null where it is not there any more. */
  readLogSegment(segment: LogPlace, signal?: AbortSignal): Promise<string | null>;
  /** All that is there so far, in order; empty where there is nothing. */
  readLog(log: { readonly deployment: DeploymentId; readonly step: LogStep }, signal?: AbortSignal): Promise<string>;
}

/** A day of one segment a second stays below it. */
const MOST_SEGMENTS = 100_000;

const STEPS: readonly LogStep[] = ["init", "plan", "unlock", "show", "apply", "entrypoint"];

export function createLogRecords({ objects }: Storage): LogRecords {
  return {
    async listRun(deployment, signal) {
      const prefix = runPrefix(deployment);
      const names = (await objects.list({ prefix, most: MOST_SEGMENTS }, signal)).map((key) =>
        key.slice(prefix.length),
      );
      const segments = names.flatMap((name) => segmentOf(deployment, name));
      const order = ({ step }: LogPlace) => STEPS.indexOf(step);
      return {
        segments: segments.toSorted((one, other) => order(one) - order(other) || one.number - other.number),
        hasResult: names.includes("result.json"),
      };
    },
    async readLogSegment(segment, signal) {
      return (await objects.get(logKey(segment), signal))?.text ?? null;
    },
    async putLogSegment({ text, ...segment }, signal) {
      if (text === "") return;
      await objects.put({ key: logKey(segment), body: text, contentType: "text/plain; charset=utf-8" }, signal);
    },
    async readLog({ deployment, step }, signal) {
      const keys = await objects.list({ prefix: logPrefix(deployment, step), most: MOST_SEGMENTS }, signal);
      const segments = await readAll(keys, (key) => objects.get(key, signal));
      return segments.map((segment) => segment?.text ?? "").join("");
    },
  };
}

function segmentOf(deployment: DeploymentId, name: string): readonly LogPlace[] {
  const [, folder, digits] = /^([a-z]+)\/(\d+)\.log$/.exec(name) ?? [];
  const step = STEPS.find((one) => one === folder);
  return step === undefined ? [] : [{ deployment, step, number: Number(digits) }];
}
