import {
  type Deployment,
  type ImageDigest,
  type ImageRecord,
  type Ledger,
  parseImageDigest,
} from "@windlass/deployment";
import { CliError } from "../cli-error.ts";
import type { OpenArea } from "../open-area.ts";
import { readHistory } from "../read-history.ts";
import { unknownName } from "../require-name.ts";
import { formatVersion } from "../words.ts";

/** A digest that the image had in the area, as the ledger or the history knows it. */
export interface Version {
  readonly digest: ImageDigest;
  readonly commit: string | null;
}

export interface VersionQuestion {
  readonly image: string;
  readonly ledger: Ledger | null;
}

/** The digest that was written out. It need not be known: a hold may name one that was never deployed here. */
export function parseDigestOption(text: string): ImageDigest {
  try {
    return parseImageDigest(text);
  } catch (cause) {
    throw new CliError({
      code: "options-wrong",
      message: "--digest is no image digest",
      expected: "sha256: and 64 hexadecimal digits",
      found: JSON.stringify(text),
      hint: "windlass history prints the digests that were deployed; --commit takes the first digits of a commit",
      cause,
    });
  }
}

/** The digest that was built from a commit, of those that the area has had. Throws `unknown-commit`, with what there is. */
export async function findCommit(open: OpenArea, commit: string, question: VersionQuestion): Promise<Version> {
  const known = await listVersions(open, question);
  const wanted = commit.toLowerCase();
  const [first, ...more] = known.filter((version) => version.commit?.startsWith(wanted) === true);
  if (first === undefined || wanted === "") throw unknownCommit(commit, known);
  const other = more.find((version) => version.commit !== first.commit);
  if (other === undefined) return first;
  throw new CliError({
    code: "options-wrong",
    message: "several commits begin with these digits",
    expected: "more digits of --commit",
    found: `${commit}: ${first.commit} and ${other.commit}`,
  });
}

/** Where a rollback goes, and why there. */
export interface RollbackTarget extends Version {
  readonly because: string;
}

/**
 * What was live before; what is live where a failed deployment may have changed the account since; and where a rollback
 * holds the image already, the version before that one. Throws `nothing-before`.
 */
export async function findRollback(open: OpenArea, question: VersionQuestion): Promise<RollbackTarget> {
  const { image, ledger } = question;
  const record = ledger?.images[image];
  if (record?.live == null) throw nothingBefore(image, "nothing is live");
  const { live, previous, disturbed, hold } = record;
  if (disturbed !== null) {
    const because = `it is live, but ${disturbed.deployment} may have changed the account since`;
    return { digest: live.digest, commit: live.commit, because };
  }
  if (hold?.digest !== live.digest && previous !== null) {
    return { digest: previous.digest, commit: previous.commit, because: "it was live before" };
  }
  const before = versionBefore(live.digest, await listVersions(open, question));
  if (before === null) throw nothingBefore(image, `nothing was live before ${formatVersion(live)}`);
  return { ...before, because: "it was live before the one that is held" };
}

/** Each digest once, the one that came last first; a digest came when it first succeeded. */
async function listVersions(open: OpenArea, { image, ledger }: VersionQuestion): Promise<readonly Version[]> {
  const filter = { images: [image], states: ["succeeded" as const] };
  const deployed = await readHistory(open, { filter, ledger });
  return uniqueDigests([...fromLedger(ledger?.images[image]), ...inOrderOfArrival(deployed)]);
}

/** `deployments`: the newest first. */
function inOrderOfArrival(deployments: readonly Deployment[]): readonly Version[] {
  return uniqueDigests(deployments.toReversed()).toReversed();
}

/** A head that never became live can be held at, too. */
function fromLedger(record: ImageRecord | undefined): readonly Version[] {
  const head = record?.head ?? null;
  return head === null || head.digest === record?.live?.digest || head.digest === record?.previous?.digest
    ? []
    : [head];
}

function uniqueDigests(versions: readonly Version[]): readonly Version[] {
  const digests = versions.map(({ digest }) => digest);
  return versions
    .filter(({ digest }, index) => digests.indexOf(digest) === index)
    .map(({ digest, commit }) => ({ digest, commit }));
}

function versionBefore(digest: ImageDigest, versions: readonly Version[]): Version | null {
  const at = versions.findIndex((version) => version.digest === digest);
  return at < 0 ? null : (versions[at + 1] ?? null);
}

function nothingBefore(image: string, found: string): CliError {
  return new CliError({
    code: "nothing-before",
    message: `there is nothing that ${image} could be rolled back to`,
    found,
    hint: `windlass history --image ${image} lists what was deployed; hold --digest deploys any image of the registry`,
  });
}

function unknownCommit(commit: string, known: readonly Version[]): CliError {
  const commits = known.flatMap((version) => (version.commit === null ? [] : [version.commit.slice(0, 12)]));
  return unknownName({ code: "unknown-commit", what: "deployment of a commit", name: commit, known: commits });
}
