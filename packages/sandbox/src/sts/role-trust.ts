import { type StateKey, stateKey, type World } from "../core/world.ts";

/** What a role's owner decides about its sessions. */
export interface RoleTrust {
  readonly role: string;
  /** Accounts beside its own that may assume it. */
  readonly accounts?: readonly string[];
  /** The longest session in seconds; one hour when not given. */
  readonly maxSessionSeconds?: number;
  /** Ends every session after so many seconds, whatever was asked for: for tests of who renews. AWS has no such thing. */
  readonly endSessionsAfterSeconds?: number;
}

const trustKey: StateKey<Map<string, RoleTrust>> = stateKey("sts.trust");

/** Roles exist as soon as somebody assumes them; trust only says who else may, and for how long. */
export function trustOf(world: World, account: string): Map<string, RoleTrust> {
  return world.state(trustKey, account, "global", () => new Map());
}

/** Direct access to one account's STS, for set-up. */
export interface StsAccount {
  /** Without it only the role's own account may assume it, for an hour at most. */
  trust(trust: RoleTrust): void;
}

export function createStsAccount(world: World, account: string): StsAccount {
  return { trust: (trust) => void trustOf(world, account).set(trust.role, trust) };
}
