import type { DeploymentId } from "@windlass/deployment";
import { type LogStep, logKey, logPrefix } from "./keys.ts";
import { readAll, type Storage } from "./storage.ts";

export interface LogSegment {
  readonly deployment: DeploymentId;
  readonly step: LogStep;
  /** From 0 or 1 on, ascending. */
  readonly number: number;
  readonly text: string;
}

/** What a run printed, in segments, since S3 can not append: `runs/<deployment>/<step>/<number>.log`. */
export interface LogRecords {
  /** The claim's holder; writing a number again replaces that segment. Nothing is written where there is no text. */
  putLogSegment(segment: LogSegment, signal?: AbortSignal): Promise<void>;
  /** All that is there so far, in order; empty where there is nothing. */
  readLog(log: { readonly deployment: DeploymentId; readonly step: LogStep }, signal?: AbortSignal): Promise<string>;
}

/** A day of one segment a second stays below it. */
const MOST_SEGMENTS = 100_000;

export function createLogRecords({ objects }: Storage): LogRecords {
  return {
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
