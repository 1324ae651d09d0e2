import { addSecret, addVersion, type SecretsPlace, secretsOf } from "./secrets-state.ts";

/** Direct access to one account's secrets in one region. */
export interface SecretsAccount {
  /** Stores a text as the current version, and makes the secret where there is none; returns its ARN. */
  put(name: string, text: string): string;
  /** The current version's text; null where there is none. */
  read(name: string): string | null;
}

export function createSecretsAccount(place: SecretsPlace): SecretsAccount {
  return {
    put(name, text) {
      const secret = secretsOf(place).get(name) ?? addSecret(place, name);
      addVersion(place, secret, { text, binary: undefined });
      return secret.arn;
    },
    read: (name) => secretsOf(place).get(name)?.versions.at(-1)?.text ?? null,
  };
}
