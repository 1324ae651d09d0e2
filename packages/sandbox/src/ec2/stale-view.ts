import type { SandboxClock } from "../core/clock.ts";

/** What readers see of something that changes: the present, or how it was a while ago. */
export interface StaleView<T> {
  readonly clock: SandboxClock;
  delayMs: number;
  /** Oldest first; empty while readers see the present. */
  snapshots: { readonly at: number; readonly value: T }[];
}

export function createStaleView<T>(clock: SandboxClock): StaleView<T> {
  return { clock, delayMs: 0, snapshots: [] };
}

/** From now on readers lag behind by that much; 0 shows them the present again. */
export function delayView<T>(view: StaleView<T>, delayMs: number, present: T): void {
  view.delayMs = delayMs;
  view.snapshots = delayMs === 0 ? [] : [{ at: Number.NEGATIVE_INFINITY, value: present }];
}

/** To be called after each change. Costs nothing while readers see the present. */
export function recordView<T>(view: StaleView<T>, read: () => T): void {
  if (view.delayMs === 0) return;
  const now = view.clock.now();
  view.snapshots.push({ at: now, value: read() });
  const newest = view.snapshots.findLastIndex(({ at }) => at <= now - view.delayMs);
  view.snapshots.splice(0, Math.max(0, newest));
}

export function readView<T>(view: StaleView<T>, present: () => T): T {
  const due = view.clock.now() - view.delayMs;
  const snapshot = view.delayMs === 0 ? undefined : view.snapshots.findLast(({ at }) => at <= due);
  return snapshot === undefined ? present() : snapshot.value;
}
