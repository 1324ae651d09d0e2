import { describe, expect, it } from "vitest";
import type { GitHubDelivery } from "../src/index.ts";
import { aFailure, again, aReport, aTask, openGitHub, repository, sha, unlimited } from "./open-github.ts";
import { atOnce, countsOf, type Story, stories } from "./stories.ts";

type Breaking = (response: Response, text: string) => Response;

/** GitHub has done what it was asked for, and says so by its status. */
const BREAKING: Readonly<Record<string, Breaking>> = {
  "breaks off": (response, text) => new Response(brokenOff(text), response),
  "ends too early": (response, text) => new Response(text.slice(0, text.length / 2), response),
  "is empty": (response) => new Response("", response),
  "is a page": (response) => new Response("<html></html>", { status: response.status, headers: HTML }),
  "is null": (response) => new Response("null", response),
  "has nothing in it": (response) => new Response("{}", response),
};
const HTML = { "content-type": "text/html" };

/** Half of the text, and then the connection is lost. */
function brokenOff(text: string): ReadableStream {
  return new ReadableStream({
    start: (stream) => stream.enqueue(Buffer.from(text.slice(0, text.length / 2))),
    pull: (stream) => stream.error(new TypeError("terminated")),
  });
}

/** A fetch whose answers are broken where that is wanted. */
function breaking(send: typeof fetch, how: Breaking, strikes: (url: string, method: string) => boolean): typeof fetch {
  return async (input, init) => {
    const isStruck = strikes(String(input), init?.method ?? "GET");
    const response = await send(input, init);
    return isStruck && response.ok ? how(response, await response.text()) : response;
  };
}

interface Played {
  readonly how: Breaking;
  /** The number of the answer that is broken, from 1; with 0 they are only counted. */
  readonly at: number;
  readonly writesOnly: boolean;
}

async function play(story: Story, { how, at, writesOnly }: Played) {
  const github = openGitHub();
  let seen = 0;
  const fetch = breaking(github.sandbox.fetch, how, (_url, method) => {
    if (writesOnly && method === "GET") return false;
    seen += 1;
    return seen === at;
  });
  await story(github, (task) => github.newNotifier({ fetch }).deliver(task, unlimited()));
  return { github, seen };
}

async function expectOnce(story: Story, how: Breaking, writesOnly: boolean): Promise<void> {
  const clean = await play(story, { how, at: 0, writesOnly });
  const wanted = countsOf(clean.github);
  await atOnce(clean.seen, async (at) => {
    const { github } = await play(story, { how, at, writesOnly });

    expect(countsOf(github), `answer ${at} of ${clean.seen}`).toEqual(wanted);
    expect(github.github.violations()).toEqual([]);
  });
}

describe.each(stories)("$title", ({ story }) => {
  it("is shown once when any one answer breaks off", () => expectOnce(story, BREAKING["breaks off"]!, false));
});

it.each(Object.keys(BREAKING).slice(1))(
  "a repeated failure is shown once when the answer to any one write %s",
  (name) => expectOnce(stories[1].story, BREAKING[name]!, true),
);

const unusable = { code: "answer-unusable", scope: "repository", permanent: false, retryAfter: null };
/** The answers to writes whose address ends so are broken. */
function openBroken(how: Breaking, ...ends: readonly string[]) {
  const github = openGitHub();
  const fetch = breaking(github.sandbox.fetch, how, (url, method) => {
    return method !== "GET" && ends.some((end) => url.endsWith(end));
  });
  return { github, notifier: github.newNotifier({ fetch }) };
}

/** Every id and number that the delivery tells. */
function idsOf({ check, deployment, issue }: GitHubDelivery): readonly unknown[] {
  return [check, deployment, issue].flatMap((place) => (place !== null && "id" in place ? [place.id] : []));
}

describe.each(Object.entries(BREAKING))("an answer that %s", (_name, how) => {
  it.each([
    ["check", "/check-runs"],
    ["deployment", "/deployments"],
    ["issue", "/issues"],
  ] as const)("is no id: the %s may be there, is not shown, and found by the next delivery", async (place, end) => {
    const { github, notifier } = openBroken(how, `/${repository}${end}`);
    const task = aTask(aFailure());
    const delivery = await notifier.deliver(task, unlimited());

    expect(delivery[place]).toMatchObject({ kind: "failed", id: null, trouble: unusable });
    for (const id of idsOf(delivery)) expect(id === null || Number.isSafeInteger(id)).toBe(true);
    const made = countsOf(github);
    const next = await github.newNotifier().deliver(again(task, delivery), unlimited());
    expect(next[place]).toMatchObject({ kind: "shown" });
    expect(countsOf(github)).toMatchObject({ deployments: made.deployments, issues: ["open 0"] });
    expect(github.repo.checkRuns()).toHaveLength(1);
  });

  it("is no token: it is asked for again by the next delivery", async () => {
    const { github, notifier } = openBroken(how, "/access_tokens");

    expect(await notifier.deliver(aTask(aReport()), unlimited())).toMatchObject({
      deployment: { kind: "failed", id: null, trouble: unusable },
      check: { kind: "unreached" },
    });
    expect(await github.notifier.deliver(aTask(aReport()), unlimited())).toMatchObject({ check: { kind: "shown" } });
  });
});

describe("an id that is known", () => {
  const breaksOff = BREAKING["breaks off"]!;

  it("of a GitHub deployment is told, and the commit, when its status breaks off", async () => {
    const { github, notifier } = openBroken(breaksOff, "/statuses");
    const delivery = await notifier.deliver(aTask(aFailure({ commit: sha.slice(0, 9) })), unlimited());

    const id = github.repo.deployments()[0]?.id;
    expect(delivery).toMatchObject({ sha, deployment: { kind: "failed", id, trouble: unusable } });
  });

  it("of a check that was looked for is told when its change breaks off", async () => {
    const { github } = openBroken(breaksOff);
    await github.notifier.deliver(aTask(aReport()), unlimited());
    const [check] = github.repo.checkRuns();
    const isChange = (_url: string, method: string) => method === "PATCH";
    const notifier = github.newNotifier({ fetch: breaking(github.sandbox.fetch, breaksOff, isChange) });
    const task = aTask(aFailure(), { check: { id: null, mayExist: true }, deployment: null, issue: null });

    expect(await notifier.deliver(task, unlimited())).toMatchObject({
      check: { kind: "failed", id: check?.id, trouble: unusable },
    });
  });

  it("of an issue that was looked for is told when its comment breaks off", async () => {
    const { github, notifier } = openBroken(breaksOff, "/comments");
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    const next = aTask(aFailure({ deployment: "20261124t031500z-43" as never }), { check: null, deployment: null });

    expect(await notifier.deliver(next, unlimited())).toMatchObject({
      issue: { kind: "failed", id: 1, trouble: unusable },
    });
  });
});

it.each([
  ["/issues?", "issue"],
  ["/check-runs?", "check"],
  ["/deployments?", "deployment"],
] as const)("a list at %s that is none is not taken for an empty one", async (part, place) => {
  const github = openGitHub();
  await github.notifier.deliver(aTask(aFailure()), unlimited());
  const fetch = breaking(github.sandbox.fetch, BREAKING["has nothing in it"]!, (url) => url.includes(part));
  const unmade = { id: null, mayExist: true };
  const task = aTask(aFailure(), {
    check: unmade,
    deployment: { ...unmade, retire: null },
    issue: { want: "open", number: null, mayExist: true },
  });
  const delivery = await github.newNotifier({ fetch }).deliver(task, unlimited());

  expect(delivery[place]).toMatchObject({ kind: "failed", id: null, trouble: unusable });
  expect(countsOf(github)).toMatchObject({ deployments: [expect.anything()], issues: ["open 0"] });
  expect(github.repo.checkRuns()).toHaveLength(1);
});
