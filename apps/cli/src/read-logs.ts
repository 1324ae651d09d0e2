import type { LogPlace, LogStep } from "@windlass/ledger-store";
import type { FoundDeployment } from "./find-deployment.ts";

export interface StepLog {
  readonly step: LogStep;
  readonly text: string;
}

/** What a deployment's steps have printed so far, in their order; a step without a log is left out. */
export async function readLogs(
  { open: { store, attempt }, deployment }: FoundDeployment,
  steps: readonly LogStep[],
): Promise<readonly StepLog[]> {
  const { segments } = await attempt(() => store.listRun(deployment.id));
  const wanted = segments.filter(({ step }) => steps.includes(step));
  const texts = await attempt(() => readSegments(store, wanted));
  const present = [...new Set(wanted.map(({ step }) => step))];
  return present.map((step) => ({
    step,
    text: texts
      .filter((one) => one.step === step)
      .map(({ text }) => text)
      .join(""),
  }));
}

export interface ReadSegment extends LogPlace {
  readonly text: string;
}

/** Many small objects, few at a time: a long apply has thousands. */
const BATCH = 16;

/** In the order in which they are asked for. One that is gone by then is empty. */
export async function readSegments(
  store: FoundDeployment["open"]["store"],
  places: readonly LogPlace[],
): Promise<readonly ReadSegment[]> {
  const read: ReadSegment[] = [];
  for (let at = 0; at < places.length; at += BATCH) {
    const batch = places.slice(at, at + BATCH);
    const texts = await Promise.all(batch.map((place) => store.readLogSegment(place)));
    read.push(...batch.map((place, index) => ({ ...place, text: texts[index] ?? "" })));
  }
  return read;
}
