import { ACCOUNT, anAssignment, BUCKET, DEPLOYMENT } from "./records.ts";
import { exited, type StepScript } from "./scripted-engine.ts";
import { openWorld, type World } from "./world.ts";

/** Where the state of the assignment's image is, with `state: store`. */
export const STORE = "state/dga-network/store/";
export const STATE_KEY = `${STORE}terraform.tfstate`;
export const ASIDE_KEY = `runs/${DEPLOYMENT}/errored.tfstate`;

export interface StoreWorld extends World {
  /** What lies in the bucket; null: nothing. */
  object(key: string): string | null;
  put(key: string, text: string): void;
}

/** An image whose state is its store folder; `state`: what an earlier deployment has left there. */
export async function openStoreWorld(state: string | null, change: Record<string, unknown> = {}): Promise<StoreWorld> {
  const world = await openWorld(anAssignment({ state: "store", expectsState: state !== null, ...change }));
  const { s3 } = world.sandbox.account(ACCOUNT);
  if (state !== null) s3.write(BUCKET, STATE_KEY, state);
  return Object.assign(world, {
    object: (key: string) => s3.read(BUCKET, key)?.text ?? null,
    put: (key: string, text: string) => s3.write(BUCKET, key, text),
  });
}

export function stateText(serial: number, lineage = "lineage-1", resources: readonly object[] = []): string {
  return JSON.stringify({ version: 4, terraform_version: "1.11.4", serial, lineage, outputs: {}, resources });
}

/** Leaves files in the module, then ends with that code. */
export function leaving(files: Readonly<Record<string, string | null>>, code = 0): StepScript {
  return async (terminal) => {
    await terminal.sleep(5);
    for (const [name, text] of Object.entries(files)) {
      if (text === null) terminal.files.delete(name);
      else terminal.files.set(name, text);
    }
    if (code !== 0) terminal.err("Error: no such thing\n");
    return exited(code);
  };
}
