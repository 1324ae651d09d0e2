import type { SandboxClock } from "../core/clock.ts";
import { type StateKey, stateKey, type World } from "../core/world.ts";

export interface SecretVersion {
  readonly id: string;
  readonly text: string | undefined;
  /** Base64. */
  readonly binary: string | undefined;
  readonly createdAt: number;
  stages: readonly string[];
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  /** Newest last. */
  readonly versions: SecretVersion[];
  /** When it is gone for good; null where nobody deletes it. */
  deletionAt: number | null;
}

/** One account's secrets in one region. */
export interface SecretsPlace {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly account: string;
  readonly region: string;
}

const secretsKey: StateKey<Map<string, Secret>> = stateKey("secretsmanager");

/** By name; what was to be deleted by now is gone. */
export function secretsOf({ world, clock, account, region }: SecretsPlace): Map<string, Secret> {
  const secrets = world.state(secretsKey, account, region, () => new Map<string, Secret>());
  for (const [name, { deletionAt }] of secrets) {
    if (deletionAt !== null && deletionAt <= clock.now()) secrets.delete(name);
  }
  return secrets;
}

export function addSecret(place: SecretsPlace, name: string): Secret {
  const { world, clock, account, region } = place;
  // Six random characters, so that a name used again is another secret.
  const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${world.hexId(6)}`;
  const secret: Secret = { name, arn, createdAt: clock.now(), versions: [], deletionAt: null };
  secretsOf(place).set(name, secret);
  return secret;
}

/** The new version becomes `AWSCURRENT`, the one before it `AWSPREVIOUS`. */
export function addVersion(
  { world, clock }: SecretsPlace,
  secret: Secret,
  value: { readonly text: string | undefined; readonly binary: string | undefined; readonly id?: string | undefined },
): SecretVersion {
  for (const version of secret.versions) {
    const wasCurrent = version.stages.includes("AWSCURRENT");
    version.stages = wasCurrent ? ["AWSPREVIOUS"] : version.stages.filter((stage) => stage !== "AWSPREVIOUS");
  }
  const id = value.id ?? `${world.hexId(8)}-0000-4000-8000-${world.hexId(12)}`;
  const version = { id, text: value.text, binary: value.binary, createdAt: clock.now(), stages: ["AWSCURRENT"] };
  secret.versions.push(version);
  return version;
}
