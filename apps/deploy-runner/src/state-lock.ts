import type { DeploymentId } from "@windlass/deployment";

/** Who holds a state's lock, as Terraform and OpenTofu print it. */
export interface StateLock {
  readonly id: string;
  /** `user@host`; the host of a container is the deployment that it runs for. */
  readonly who: string;
  readonly host: string;
  /** As printed; UTC. */
  readonly created: string | null;
}

const HEAD = /Error acquiring the state lock|Error locking state/;
/** It becomes an argument of Terraform, so it must not look like an option. */
const LOCK_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/;

/** Null where the message does not say that somebody else holds the lock. */
export function findStateLock(message: string | null): StateLock | null {
  const from = message?.search(HEAD) ?? -1;
  if (message === null || from < 0) return null;
  // What stands before it is another error's.
  const text = message.slice(from);
  const field = (name: string) => new RegExp(`^[ \\t]*${name}:[ \\t]*(\\S.*?)[ \\t\\r]*$`, "m").exec(text)?.[1] ?? null;
  const id = field("ID");
  const who = field("Who");
  if (id === null || who === null || !LOCK_ID.test(id)) return null;
  return { id, who, host: who.slice(who.lastIndexOf("@") + 1), created: field("Created") };
}

/** The deployment that holds it, where EC2 has confirmed that one dead; nobody else's lock is ever broken. */
export function deadHolder({ host }: StateLock, confirmedDead: readonly DeploymentId[]): DeploymentId | null {
  return confirmedDead.find((deployment) => deployment === host) ?? null;
}

/** For people: `root@20261124t090000z-7 since 2026-11-24 09:01:12 UTC (for 3 h)`. `now`: milliseconds since the epoch. */
export function describeLock({ who, created }: StateLock, now: number): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(created ?? "");
  const [, day, time] = match ?? [];
  const since = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(since)) return who;
  const minutes = Math.max(0, Math.round((now - since) / 60_000));
  return `${who} since ${day} ${time} UTC (for ${minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`})`;
}
