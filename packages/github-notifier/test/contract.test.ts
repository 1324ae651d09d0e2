import type { DeploymentReport } from "@windlass/deployment";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createGitHubNotifier, type GitHubTask, parseAppCredentials } from "../src/index.ts";
import {
  aFailure,
  aReport,
  aSuccess,
  aTask,
  openGitHub,
  owner,
  pace,
  repository,
  sha,
  unlimited,
} from "./open-github.ts";
import { type RunningEmulate, startEmulate } from "./start-emulate.ts";

/** One for each test, since the emulator keeps everything while it runs. */
const owners = Array.from({ length: 10 }, (_, index) => `owner-${index}`);
const emulate = await startEmulate(owners, repository);
afterAll(() => emulate.stop());

/** A GitHub, and the notifier on it. What it shows is read from its API, by an installation token of the test's own. */
interface World {
  readonly notifier: ReturnType<typeof createGitHubNotifier>;
  readonly sha: string;
  readonly ask: Ask;
}

type Ask = <T>(path: string, method?: "GET" | "POST") => Promise<T>;

interface Connection {
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  readonly owner: string;
  readonly secret: string;
  readonly now: () => Date;
}

const worlds = [
  { title: "the sandbox", isThere: true, open: openSandboxWorld },
  { title: emulate.title, isThere: emulate.kind === "running", open: openEmulateWorld },
];

async function openSandboxWorld(): Promise<World> {
  const { sandbox, github, clock, secret, notifier } = openGitHub();
  const now = () => new Date(clock.now());
  const connection = { apiUrl: github.apiUrl, fetch: sandbox.fetch, owner, secret: secret.text, now };
  return { notifier, sha, ask: await openApi(connection) };
}

async function openEmulateWorld(): Promise<World> {
  const { url: apiUrl, secret, adminToken } = emulate as RunningEmulate;
  const account = owners.pop() ?? "";
  const branch = await fetch(`${apiUrl}/repos/${account}/${repository}/branches/main`, {
    headers: { authorization: `token ${adminToken}` },
  });
  const { commit } = (await branch.json()) as { commit: { sha: string } };
  const notifier = createGitHubNotifier({
    owner: account,
    apiUrl,
    pace,
    loadCredentials: async () => parseAppCredentials(secret, { where: "emulate" }),
  });
  const ask = await openApi({ apiUrl, fetch, owner: account, secret, now: () => new Date() });
  return { notifier, sha: commit.sha, ask };
}

async function openApi({ apiUrl, fetch: send, owner: account, secret, now }: Connection): Promise<Ask> {
  const { appId, createJwt } = parseAppCredentials(secret, { where: "test", now });
  const request = async <T>(authorization: string, path: string, method: string): Promise<T> => {
    const headers = { authorization, accept: "application/vnd.github+json", "user-agent": "test" };
    const response = await send(`${apiUrl}${path}`, { method, headers });
    const body = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${body}`);
    return JSON.parse(body) as T;
  };
  const asApp = `bearer ${(await createJwt(appId)).jwt}`;
  const place = `/repos/${account}/${repository}`;
  const { id } = await request<{ id: number }>(asApp, `${place}/installation`, "GET");
  const { token } = await request<{ token: string }>(asApp, `/app/installations/${id}/access_tokens`, "POST");
  return (path, method = "GET") => request(`token ${token}`, `${place}${path}`, method);
}

describe.each(worlds)("on $title", ({ isThere, open }) => {
  describe.skipIf(!isThere)("the notifier", () => {
    let world: World;
    beforeEach(async () => {
      world = await open();
    });

    const checks = async () =>
      (await world.ask<{ check_runs: unknown[] }>(`/commits/${world.sha}/check-runs?filter=all`)).check_runs;
    const issues = () => world.ask<{ number: number; body: string }[]>("/issues?state=all&direction=asc");
    const comments = (number: number) => world.ask<{ body: string }[]>(`/issues/${number}/comments`);
    /** The emulator has no deployments: those, and what a short commit stands for, are the sandbox's to show. */
    const deliver = (report: DeploymentReport, change: Partial<GitHubTask>) =>
      world.notifier.deliver(
        aTask({ ...report, commit: world.sha }, { check: null, issue: null, ...change, deployment: null }),
        unlimited(),
      );
    const unmade = { id: null, mayExist: false };
    const unknown = { id: null, mayExist: true };
    const second = "20261124t031500z-43" as DeploymentReport["deployment"];

    it.each([
      ["success", aSuccess()],
      ["failure", aFailure()],
      ["cancelled", aFailure({ outcome: "cancelled" })],
    ] as const)("brings one check from the queue to its end, a %s", async (conclusion, ended) => {
      const { check } = await deliver(aReport({ stage: "waiting" }), { check: unmade });
      const id = check?.kind === "shown" ? check.id : null;
      const same = { id, external_id: aReport().deployment, name: "Deploy to Production", head_sha: world.sha };
      expect(await checks()).toMatchObject([{ ...same, status: "queued", conclusion: null }]);
      await deliver(aReport(), { check: { id, mayExist: false } });
      expect(await checks()).toMatchObject([{ ...same, status: "in_progress", conclusion: null }]);
      await deliver(ended, { check: { id, mayExist: false } });

      expect(await checks()).toMatchObject([{ ...same, status: "completed", conclusion }]);
    });

    it("makes no check twice, and one each for two deployments of a commit", async () => {
      const first = await deliver(aReport(), { check: unmade });
      expect((await deliver(aReport(), { check: unknown })).check).toEqual(first.check);
      await deliver(aReport({ deployment: second }), { check: unknown });
      await deliver(aReport({ deployment: second }), { check: unknown });

      // The emulator does not filter by `app_id`: that another App's check is left alone is the sandbox's to show.
      expect(await checks()).toHaveLength(2);
    });

    it("opens one issue with the label and both markers", async () => {
      const { issue } = await deliver(aFailure(), { issue: { want: "open", number: null, mayExist: false } });
      const [opened, ...others] = await issues();

      expect(others).toEqual([]);
      expect(issue).toEqual({ kind: "shown", id: opened?.number });
      expect(opened).toMatchObject({ state: "open", labels: [{ name: "windlass" }], user: { login: "windlass[bot]" } });
      expect(opened?.body).toContain("<!-- windlass:issue workload=dataGov area=production image=dga-web -->");
      expect(opened?.body).toContain(`<!-- windlass:deployment ${aFailure().deployment} -->`);
    });

    it("makes no issue and no comment twice", async () => {
      const open = { want: "open", number: null, mayExist: true } as const;
      for (const report of [aFailure(), aFailure(), aFailure({ deployment: second }), aFailure({ deployment: second })])
        await deliver(report, { issue: open });
      const all = await issues();

      expect(all).toHaveLength(1);
      // The emulator takes no `since`: that a page begins where the deployment ended is the sandbox's to show.
      expect(await comments(all[0]?.number ?? 0)).toMatchObject([{ body: expect.stringContaining(second) }]);
    });

    it("says in the same issue that it is mended, once, and closes it as completed", async () => {
      await deliver(aFailure(), { issue: { want: "open", number: null, mayExist: false } });
      const [{ number } = { number: 0 }] = await issues();
      const mended = aSuccess({ deployment: second });
      for (const known of [number, number, null])
        await deliver(mended, { issue: { want: "closed", number: known, mayExist: true } });

      expect(await issues()).toMatchObject([{ number, state: "closed", state_reason: "completed" }]);
      expect(await comments(number)).toMatchObject([{ body: expect.stringContaining(second) }]);
    });

    it("opens the closed issue again by a new failure", async () => {
      await deliver(aFailure(), { issue: { want: "open", number: null, mayExist: false } });
      const [{ number } = { number: 0 }] = await issues();
      await deliver(aSuccess({ deployment: second }), { issue: { want: "closed", number, mayExist: false } });
      const again = aFailure({ deployment: "20261124t041500z-44" as DeploymentReport["deployment"] });
      await deliver(again, { issue: { want: "open", number, mayExist: false } });

      expect(await issues()).toMatchObject([{ number, state: "open" }]);
    });

    it("takes a repository that is not there for one the App is not installed on", async () => {
      const task = aTask({ ...aReport(), commit: world.sha }, { repository: "none", issue: null, deployment: null });
      const { check } = await world.notifier.deliver(task, unlimited());

      expect(check).toMatchObject({ kind: "failed", trouble: { code: "not-installed" } });
    });
  });
});
