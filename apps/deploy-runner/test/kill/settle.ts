import { setTimeout as wait } from "node:timers/promises";
import { ACCOUNT, GROUP, REGION } from "../support/records.ts";
import { judgeSaved } from "./judge.ts";
import { IMAGES, type KillArea, type StateMode } from "./kill-area.ts";

/** Time goes on, tick by tick, until things have come to rest. */
export interface Settling {
  readonly area: KillArea;
  /** Versions by their digests. */
  readonly versions: ReadonlyMap<string, number>;
  /** The digest of each image that is known to be live. */
  readonly live: Map<string, string>;
  /** What must not be seen at any tick. */
  readonly problems: string[];
}

const TICK_SECONDS = 60;
const PATIENCE_MS = 150_000;
const PAUSE_MS = 40;
/** While a runner works: nothing but itself brings it further. */
const LONGER_PAUSE_MS = 150;

/** False where it does not come about. */
export async function settleUntil(settling: Settling, holds: () => boolean): Promise<boolean> {
  const { area, problems } = settling;
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    await area.tick().catch((error: unknown) => problems.push(`a tick failed: ${String(error)}`));
    problems.push(...area.instances.takeProblems(), ...judgeNewlyLive(settling));
    if (holds()) return true;
    if (mayTimePass(area)) area.moveClock(TICK_SECONDS);
    await wait(area.instances.on()?.silent === false ? LONGER_PAUSE_MS : PAUSE_MS);
  }
  return false;
}

/**
 * AWS's time is moved on instead of waited for; but a runner that lives keeps its own, and an instance that is on its way
 * boots.
 */
function mayTimePass({ sandbox, instances }: KillArea): boolean {
  const on = instances.on();
  if (on !== null) return on.silent || on.runner.exitCode !== null;
  return groupOf(sandbox).desired === 0;
}

export function groupOf(sandbox: KillArea["sandbox"]): { readonly desired: number; readonly ids: readonly string[] } {
  const group = sandbox.account(ACCOUNT).autoScaling(REGION).group(GROUP);
  return { desired: group?.desired ?? -1, ids: group?.instances.map(({ id }) => id) ?? [] };
}

export function isAtRest({ sandbox, instances }: KillArea): boolean {
  const { desired, ids } = groupOf(sandbox);
  return instances.on() === null && desired === 0 && ids.length === 0;
}

export function stateKey(mode: StateMode): string {
  return mode === "managed" ? `state/${IMAGES.managed}.tfstate` : `state/${IMAGES.store}/store/terraform.tfstate`;
}

export function lockKey(mode: StateMode): string {
  return `${stateKey(mode)}.tflock`;
}

/** At the very tick that makes a digest live: a later deployment may replace its resources again. */
function judgeNewlyLive({ area, versions, live }: Settling): readonly string[] {
  const { images } = area.ledger();
  return (Object.keys(IMAGES) as StateMode[]).flatMap((mode) => {
    const digest = images[IMAGES[mode]]?.live?.digest;
    if (digest === undefined || live.get(mode) === digest) return [];
    live.set(mode, digest);
    return judgeSaved(area.read(stateKey(mode)), versions.get(digest) ?? -1);
  });
}
