import type { Ledger } from "@windlass/deployment";
import { CliError } from "../cli-error.ts";
import type { OpenArea } from "../open-area.ts";
import { formatVersion } from "../words.ts";
import type { Act } from "./act.ts";
import { findCommit, findRollback, parseDigestOption } from "./resolve-digest.ts";
import type { ControlWish } from "./send-control.ts";

export interface WishOptions {
  readonly digest?: string | undefined;
  readonly commit?: string | undefined;
}

export interface Wanted {
  readonly wish: ControlWish;
  /** What a hold is at, for people; null: what is live, or it is no hold. */
  readonly version: string | null;
  /** Why that version; null where the person named it. */
  readonly because: string | null;
}

export interface WishInput extends Act {
  readonly options: WishOptions;
  /** As it was read. A wish about a deployment is about the one that it knows. */
  readonly ledger: Ledger | null;
}

/** What a command asks for, with everything that the person left open looked up in the area. */
export async function makeWish(open: OpenArea, input: WishInput): Promise<Wanted> {
  const { command, image, ledger } = input;
  if (command === "pause" || command === "resume") return plain({ kind: command });
  if (image === null) throw new TypeError(`${command} is about an image`);
  const record = ledger?.images[image];
  switch (command) {
    case "hold":
      return makeHold(open, image, input);
    case "rollback": {
      const { because, ...version } = await findRollback(open, { image, ledger });
      return { wish: { kind: "hold", image, ...version }, version: formatVersion(version), because };
    }
    case "retry":
      return plain({ kind: command, image, deployment: record?.attempts?.last.deployment ?? null });
    case "unblock":
      return plain({ kind: command, image, deployment: record?.block?.deployment ?? null });
    case "cancel":
      return plain({ kind: command, image, deployment: activeOf(ledger, image) });
    case "unhold":
    case "deploy-now":
      return plain({ kind: command, image });
  }
}

function plain(wish: ControlWish): Wanted {
  return { wish, version: null, because: null };
}

async function makeHold(open: OpenArea, image: string, { options, ledger }: WishInput): Promise<Wanted> {
  const { digest, commit } = options;
  if (digest !== undefined && commit !== undefined) {
    throw new CliError({
      code: "options-wrong",
      message: "it is not clear which version is meant",
      expected: "one of --digest and --commit",
      found: "both",
    });
  }
  if (commit !== undefined) {
    const found = await findCommit(open, commit, { image, ledger });
    return { wish: { kind: "hold", image, ...found }, version: formatVersion(found), because: null };
  }
  if (digest === undefined) return plain({ kind: "hold", image, digest: null, commit: null });
  const named = parseDigestOption(digest);
  return { wish: { kind: "hold", image, digest: named, commit: null }, version: named, because: null };
}

function activeOf(ledger: Ledger | null, image: string) {
  const active = Object.values(ledger?.deployments ?? {}).find((one) => one.image === image && one.endedAt === null);
  return active?.id ?? null;
}
