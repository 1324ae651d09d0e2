import { describe, expect, it } from "vitest";
import {
  aFailure,
  aReport,
  aTask,
  type OpenGitHub,
  openGitHub,
  owner,
  repository,
  secretOf,
  unlimited,
} from "./open-github.ts";

const HOUR = 60 * 60_000;
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

    const [token] = github.sandbox.calls.entries.filter(
      ({ action }) => action === "apps/create-installation-access-token",
    );
    expect(token?.input).toMatchObject({
      repositories: [repository],
      permissions: { checks: "write", deployments: "write", issues: "write", metadata: "read" },
    });
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
  expect(github.github.violations()).toEqual([]);
});
