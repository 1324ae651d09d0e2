import { headSource, resolveBranch } from "@windlass/account-mapping";
import {
  createReleaser,
  type Release,
  ReleaseError,
  type ReleaseErrorCode,
  type ReleaseRequest,
} from "@windlass/ecr-release";
import { redactText } from "@windlass/redaction";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { describeFailure } from "./describe-failure.ts";
import { exitCode } from "./exit-code.ts";
import { describeUnknown } from "./mapping-resolve.ts";
import { printJson } from "./print-json.ts";
import { readMapping } from "./read-file.ts";

export interface ReleaseOptions {
  readonly mapping: string;
  readonly image: string;
  readonly branch: string;
  readonly commit: string;
  readonly digest?: string;
  readonly tag?: string;
  readonly time?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Longer than the registry is waited for, with all retries. */
const PATIENCE_MS = 180_000;

/** `windlass release`; the exit codes are in its help. Throws where it can not be begun. */
export async function release(world: CliWorld, options: ReleaseOptions): Promise<number> {
  const mapping = readMapping(options.mapping, world);
  const image = imageOf(options);
  const times = timesOf(options, world);
  const resolution = resolveBranch(mapping, options.branch);
  if (resolution.kind !== "area") {
    if (options.json === true) printJson(world, resolution);
    else world.writeError(`${describeUnknown(resolution)}\n`);
    return exitCode.notFound;
  }
  const area = resolution.name;
  const { repository, tag } = headSource(mapping, area, options.image);
  const { account, region } = mapping.registry;
  const { ecr, sts } = await world.openRegistry(region);
  const releaser = createReleaser({ ecr, sts, registryId: account, wait: world.wait });
  const request: ReleaseRequest = {
    ...{ area, repository, tag, image, commit: options.commit, dryRun: options.dryRun === true },
    ...times,
  };
  const place = { image: options.image, area, registry: { account, region }, repository, tag, commit: options.commit };
  try {
    const result = await releaser.release(request, AbortSignal.timeout(PATIENCE_MS));
    if (options.json === true) printJson(world, { ...result, ...place });
    else world.write(describeRelease(result, place));
    return result.kind === "overtaken" ? exitCode.overtaken : exitCode.ok;
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    if (options.json === true) printJson(world, { kind: "failed", ...place, error: showError(error) });
    else world.writeError(`${describeFailure(error)}\n`);
    return optionCodes.has(error.code) ? exitCode.usage : exitCode.failed;
  }
}

/** What is wrong with the options themselves. */
const optionCodes: ReadonlySet<ReleaseErrorCode> = new Set(["commit-invalid", "digest-invalid"]);

function imageOf({ digest, tag }: ReleaseOptions): ReleaseRequest["image"] {
  if (digest !== undefined && tag === undefined) return { digest };
  if (tag !== undefined && digest === undefined) return { tag };
  throw new CliError({
    code: "options-wrong",
    message: "it is not clear which image is meant",
    expected: "one of --digest and --tag",
    found: digest === undefined ? "neither" : "both",
  });
}

function timesOf({ time }: ReleaseOptions, world: CliWorld): { readonly time: Date; readonly exactTime: boolean } {
  if (time === undefined) return { time: world.now(), exactTime: false };
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(time);
  const parsed = new Date(isInstant ? time : Number.NaN);
  if (!Number.isNaN(parsed.getTime())) return { time: parsed, exactTime: true };
  throw new CliError({
    code: "options-wrong",
    message: "--time is no time",
    expected: "one such as 2026-11-24T09:00:00Z",
    found: JSON.stringify(time),
  });
}

interface Place {
  readonly image: string;
  readonly area: string;
  readonly repository: string;
  readonly tag: string;
}

function describeRelease(result: Release, { image, area, repository, tag }: Place): string {
  const changes = result.changes.map(
    (put) => `  ${put.tag}${put.digest === result.digest ? "" : ` on ${put.digest}`}\n`,
  );
  const head = `${repository}:${tag}`;
  switch (result.kind) {
    case "unchanged":
      return `Nothing to do: ${head} is ${result.digest} already, and everything is kept.\n`;
    case "planned":
      return `Would put on ${result.digest}:\n${changes.join("")}and so release ${image} to ${area}.\n`;
    case "released":
      return `Put on ${result.digest}:\n${changes.join("")}Released ${image} to ${area}: ${head} was ${result.from ?? "not there"}.\n`;
    case "overtaken":
      return `Put on ${result.digest}:\n${changes.join("")}Released ${image} to ${area}, and overtaken: ${head} is ${result.head} now.\n`;
  }
}

function showError(error: ReleaseError): object {
  const { code, where = null, expected = null, found, hint = null, retryable } = error;
  const redacted = found === undefined ? null : redactText(found);
  const text = describeFailure(error);
  return { code, message: error.message, where, expected, found: redacted, hint, retryable, text };
}
