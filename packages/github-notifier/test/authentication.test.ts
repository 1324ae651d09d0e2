import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import {
  aFailure,
  aReport,
  aTask,
  type OpenGitHub,
  openGitHub as openOne,
  owner,
  repository,
  secretOf,
  sha,
  unlimited,
} from "./open-github.ts";

let opened: OpenGitHub[] = [];
afterEach(() => {
  for (const { github } of opened) expect(github.violations()).toEqual([]);
  opened = [];
});
function openGitHub(...options: Parameters<typeof openOne>): OpenGitHub {
  const github = openOne(...options);
  opened.push(github);
  return github;
}

const HOUR = 60 * 60_000;
const ACCESS_TOKEN = "apps/create-installation-access-token";
const deliver = ({ notifier }: OpenGitHub) => notifier.deliver(aTask(aReport()), unlimited());
const count = ({ sandbox }: OpenGitHub, action: string) => sandbox.calls.count()[`github:${action}`] ?? 0;

describe("the App's key", () => {
  it("is read once for the life of the process", async () => {
    const github = openGitHub();
    await deliver(github);
    await github.clock.advance(2 * HOUR);
    await deliver(github);

    expect(github.secret.reads).toBe(1);
  });

  it("is read again, once, where GitHub refuses it: it was rotated", async () => {
    const github = openGitHub();
    await deliver(github);
    const { id, privateKey } = github.app;
    github.secret.text = secretOf({ id, privateKey: github.app.addKey() });
    github.app.revokeKey(privateKey);
    await github.clock.advance(HOUR);

    expect(await deliver(github)).toMatchObject({ check: { kind: "shown" } });
    expect(github.secret.reads).toBe(2);
  });

  it("that stays wrong is told, and not asked for over and over", async () => {
    const github = openGitHub();
    await deliver(github);
    github.app.revokeKey(github.app.privateKey);
    await github.clock.advance(HOUR);

    expect(await deliver(github)).toMatchObject({
      deployment: { kind: "failed", trouble: { code: "credentials-refused", scope: "github", permanent: true } },
      check: { kind: "failed", trouble: { code: "credentials-refused" } },
    });
    expect(github.secret.reads).toBe(2);
  });

  it("that was rotated is read again once by all that are under way", async () => {
    const github = openGitHub();
    const names = ["a", "b", "c", "d"];
    for (const name of names) github.github.createRepository(owner, name, { commits: [sha] });
    await deliver(github);
    const { id, privateKey } = github.app;
    github.secret.text = secretOf({ id, privateKey: github.app.addKey() });
    github.app.revokeKey(privateKey);
    const deliveries = await Promise.all(
      names.map((name) => github.notifier.deliver({ ...aTask(aReport()), repository: name }, unlimited())),
    );

    expect(deliveries.map(({ check }) => check?.kind)).toEqual(names.map(() => "shown"));
    expect(github.secret.reads).toBe(2);
  });

  it("that never was the App's is told, and what has just been read is not read again", async () => {
    const github = openGitHub();
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    github.secret.text = secretOf({ id: github.app.id, privateKey });

    expect(await deliver(github)).toMatchObject({
      deployment: { trouble: { code: "credentials-refused", scope: "github", permanent: true, retryAfter: null } },
      check: { kind: "failed", trouble: { code: "credentials-refused" } },
    });
    expect(github.secret.reads).toBe(1);
    expect(JSON.stringify(await deliver(github))).not.toContain(privateKey.slice(40, 80));
  });

  it("of an App that GitHub does not know is told apart from one that is not installed", async () => {
    const github = openGitHub();
    github.secret.text = secretOf({ id: 1, privateKey: github.app.privateKey });

    expect(await deliver(github)).toMatchObject({ deployment: { trouble: { code: "credentials-refused" } } });
  });

  it("may be named by the App's client id", async () => {
    const github = openGitHub();
    const { clientId, privateKey } = github.app;
    github.secret.text = JSON.stringify({ clientId, privateKey });

    expect(await deliver(github)).toMatchObject({ check: { kind: "shown" } });
  });

  it("that can not be read, or is none, is told", async () => {
    const github = openGitHub();
    const rejecting = github.newNotifier({ loadCredentials: () => Promise.reject(new Error("no such secret")) });
    expect(await rejecting.deliver(aTask(aReport()), unlimited())).toMatchObject({
      deployment: { trouble: { code: "credentials-unreadable", permanent: false, message: "no such secret" } },
    });
    github.secret.text = "{}";
    expect(await deliver(github)).toMatchObject({
      deployment: { trouble: { code: "credentials-malformed", permanent: true } },
    });
  });

  it.each([10 * 60_000, -10 * 60_000])("signs by GitHub's clock, %d ms away", async (skew) => {
    const github = openGitHub();
    github.github.setClockSkew(skew);

    expect(await deliver(github)).toMatchObject({ check: { kind: "shown" } });
    // GitHub's hour ends that much earlier or later than this machine's.
    await github.clock.advance(HOUR - 2 * 60_000);
    expect(await deliver(github)).toMatchObject({ check: { kind: "shown" } });
    await github.clock.advance(4 * 60_000);
    expect(await deliver(github)).toMatchObject({ check: { kind: "shown" } });
  });
});

describe("an installation's token", () => {
  it("is fetched once an hour for each repository, and the installation is looked up once", async () => {
    const github = openGitHub();
    github.github.createRepository(owner, "dga-site", { commits: [aReport().commit ?? ""] });
    for (const name of [repository, "dga-site", repository]) {
      await github.notifier.deliver({ ...aTask(aReport()), repository: name }, unlimited());
    }

    expect(count(github, "apps/get-repo-installation")).toBe(1);
    expect(count(github, "apps/create-installation-access-token")).toBe(2);
    await github.clock.advance(HOUR);
    expect(await deliver(github)).toMatchObject({ check: { kind: "shown" } });
    expect(count(github, "apps/create-installation-access-token")).toBe(3);
  });

  it("is narrowed to one repository and to what is needed", async () => {
    const github = openGitHub();
    await deliver(github);

    github.repo.rename("web");
    await github.clock.advance(HOUR);
    await deliver(github);

    const permissions = { checks: "write", deployments: "write", issues: "write", metadata: "read" };
    const asked = github.sandbox.calls.entries.filter(({ action }) => action === ACCESS_TOKEN);
    expect(asked.map(({ input: { installation_id: _, ...narrowed } }) => narrowed)).toEqual([
      // The first look-up says what was granted; `metadata` is whatever else is.
      { repositories: [repository], permissions },
      // By the old name it is refused, by the id it is not.
      { repositories: [repository], permissions },
      { repository_ids: [github.repo.id], permissions },
    ]);
  });

  it("that GitHub refuses is fetched anew, once", async () => {
    const github = openGitHub();
    await deliver(github);
    github.sandbox.faults.add({
      kind: "error-before",
      service: "github",
      action: "checks/create",
      status: 401,
      times: 1,
    });

    expect(await github.notifier.deliver(aTask(aFailure()), unlimited())).toMatchObject({ check: { kind: "shown" } });
    expect(count(github, "apps/create-installation-access-token")).toBe(2);
  });

  it("that is new and refused all the same is not refused for good: not all of GitHub knows it yet", async () => {
    const github = openGitHub();
    const fault = { kind: "error-before", service: "github", action: "checks/create", status: 401 } as const;
    const allow = github.sandbox.faults.add(fault);
    const task = aTask(aReport(), { deployment: null });

    expect(await github.notifier.deliver(task, unlimited())).toMatchObject({
      check: { kind: "failed", trouble: { code: "token-refused", scope: "repository", permanent: false } },
    });
    expect(count(github, "checks/create")).toBe(2);
    allow();
    expect(await github.notifier.deliver(task, unlimited())).toMatchObject({ check: { kind: "shown" } });
    expect(github.repo.checkRuns()).toHaveLength(1);
  });

  it("of a repository that was renamed may be new and refused, too", async () => {
    const github = openGitHub();
    github.repo.rename("web");
    github.sandbox.faults.add({ kind: "error-before", service: "github", action: "repos/get", status: 401 });

    expect(await deliver(github)).toMatchObject({
      deployment: { kind: "failed", trouble: { code: "token-refused", permanent: false } },
    });
  });

  it("whose key is refused when it is to be fetched anew is refused for good", async () => {
    const github = openGitHub();
    await deliver(github);
    github.app.revokeKey(github.app.privateKey);
    github.sandbox.faults.add({ kind: "error-before", service: "github", action: "checks/create", status: 401 });

    expect(await github.notifier.deliver(aTask(aReport(), { deployment: null }), unlimited())).toMatchObject({
      check: { kind: "failed", trouble: { code: "credentials-refused", permanent: true } },
    });
  });

  it.each([-3 * HOUR, 3 * HOUR])("lasts for as long as GitHub's clock says, %d ms away", async (skew) => {
    const github = openGitHub();
    github.github.setClockSkew(skew);
    await deliver(github);
    const asked = count(github, ACCESS_TOKEN);
    await github.clock.advance(50 * 60_000);
    await deliver(github);
    expect(count(github, ACCESS_TOKEN)).toBe(asked);
    await github.clock.advance(15 * 60_000);
    github.sandbox.calls.clear();
    await deliver(github);

    // One that had ended would be sent, refused, and the request made a second time.
    expect(count(github, ACCESS_TOKEN)).toBeGreaterThan(0);
    expect(count(github, "repos/create-deployment")).toBe(1);
  });

  it("is not asked for again where GitHub asks to be left alone", async () => {
    const github = openGitHub();
    await deliver(github);
    await github.clock.advance(HOUR);
    github.sandbox.calls.clear();
    github.sandbox.faults.add({ kind: "throttle", service: "github", action: ACCESS_TOKEN, retryAfter: 90, times: 1 });

    expect(await deliver(github)).toMatchObject({
      deployment: { trouble: { code: "rate-limited", scope: "github", retryAfter: 90 } },
      check: { kind: "unreached" },
    });
    expect(github.sandbox.calls.count()).toEqual({ [`github:${ACCESS_TOKEN}`]: 1 });
  });

  it("follows the App to another installation", async () => {
    const github = openGitHub();
    await deliver(github);
    github.github.uninstall(github.installationId);
    github.github.install(github.app, { owner });

    expect(await deliver(github)).toMatchObject({ check: { kind: "shown" } });
    expect(count(github, "apps/get-repo-installation")).toBe(2);
  });
});

it("works with a GitHub Enterprise Server over the network", async () => {
  const github = openGitHub();
  const { url, close } = await github.sandbox.listen();
  const notifier = github.newNotifier({ apiUrl: `${url}/_github/api/v3/`, fetch: undefined });

  expect(await notifier.deliver(aTask(aFailure()), unlimited())).toMatchObject({
    check: { kind: "shown" },
    deployment: { kind: "shown" },
    issue: { kind: "shown" },
  });
  github.repo.rename("web");
  expect(
    await notifier.deliver(aTask(aFailure({ deployment: "20261124t031500z-43" as never })), unlimited()),
  ).toMatchObject({
    check: { kind: "shown" },
  });
  await close();
});
