import {
  type Answer,
  checkAnswer,
  type Envelope,
  openWorld,
  readEnvelope,
  type SandboxWorld,
} from "../sandbox-world.ts";
import type { Check, FuzzTarget } from "../target.ts";

export interface RequestPart {
  /** Whether it was this target's reader that a request came to, as its answer shows. */
  readonly reaches: (envelope: Envelope, answer: Answer) => boolean;
  /** Gives the values of placeholders in the path, the headers and the body. */
  readonly prepare?: (world: SandboxWorld) => Promise<Readonly<Record<string, string>>>;
  /** Gives a placeholder another value for each request that has it, by name. */
  readonly fresh?: Readonly<Record<string, (world: SandboxWorld) => Promise<string>>>;
  /** What holds of every answer, also of a refusal. */
  readonly hold?: (world: SandboxWorld) => void;
  /** What else holds where a request was accepted. */
  readonly check?: (world: SandboxWorld, envelope: Envelope, answer: Answer) => Promise<void>;
}

/** A reader of requests. Where a request was not for it, nothing is said of it. */
export function requestTarget(
  name: string,
  seeds: FuzzTarget["seeds"],
  { prepare, fresh = {}, reaches, hold, check }: RequestPart,
): FuzzTarget {
  function open(): Check {
    const world = openWorld();
    let placeholders: Promise<Readonly<Record<string, string>>> | undefined;

    /** Every world knows what the seeds leave in it. */
    async function begin(): Promise<Readonly<Record<string, string>>> {
      const values = (await prepare?.(world)) ?? {};
      for (const seed of seeds) {
        const envelope = readEnvelope(seed);
        if (envelope !== null) await world.send(fill(envelope, values));
      }
      return values;
    }

    async function renew(text: string): Promise<Readonly<Record<string, string>>> {
      const made: Record<string, string> = {};
      for (const [name, make] of Object.entries(fresh)) {
        if (text.includes(`{${name}}`)) made[name] = await make(world);
      }
      return made;
    }

    return async (text) => {
      placeholders ??= begin();
      const values = { ...(await placeholders), ...(await renew(text)) };
      const read = readEnvelope(text);
      if (read === null) return "unread";
      const envelope = fill(read, values);
      const answer = await world.send(envelope);
      const verdict = checkAnswer(answer, envelope);
      hold?.(world);
      if (!reaches(envelope, answer)) return "unread";
      if (verdict === "accepted") await check?.(world, envelope, answer);
      return verdict;
    };
  }
  return { name, seeds, shape: "json", guidedBy: "packages/sandbox/", open };
}

function fill(envelope: Envelope, values: Readonly<Record<string, string>>): Envelope {
  const fillText = (text: string) => text.replaceAll(/\{(\w+)\}/g, (found, name: string) => values[name] ?? found);
  const headers = Object.entries(envelope.headers).map(([name, value]) => [name, fillText(value)] as const);
  const [path, body] = [fillText(envelope.path), fillText(envelope.body)];
  return { ...envelope, path, headers: Object.fromEntries(headers), body };
}

/** What is said to who is not known: the reader of what they ask has not looked at it. */
const STRANGERS =
  /\b(?:MissingAuthenticationToken|IncompleteSignature|UnrecognizedClient|InvalidClientTokenId|AuthFailure|Expired(?:Token)?|InvalidSignature|SignatureDoesNotMatch|RequestExpired|InvalidAccessKeyId|AuthorizationHeaderMalformed|UnknownService)(?:Exception)?\b/;

/** A request that was signed for one of these services, by somebody who is known. */
export function signedForOneOf(services: readonly string[]): RequestPart["reaches"] {
  return ({ path, headers, query }, { body }) => {
    const scope = headers["authorization"] ?? query["X-Amz-Credential"] ?? "";
    const service = /^[^/]*\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(scope.replace(/^.*?Credential=/, ""))?.[1] ?? "";
    return (
      services.includes(service) &&
      !/^\/(?:_|v2\/)/.test(path) &&
      !STRANGERS.test(body.toString("latin1").slice(0, 500))
    );
  };
}
