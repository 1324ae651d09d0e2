import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createSandbox, type NewInstallation, virtualClock } from "@windlass/sandbox";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../src/run-cli.ts";

const account = "222222222222";
const owner = "AusDTO";
const program = fileURLToPath(new URL("../dist/windlass.mjs", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "windlass-cli-"));
  writeFileSync(join(folder, "windlass.yaml"), mappingText("github: { organization: AusDTO }"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function mappingText(github: string): string {
  return `
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
${github}
areas:
  scratch: { branch: Develop, account: "222222222222" }
images:
  dga-network: { kind: terraform }
  dga-web: { kind: instance-refresh, groups: [dga-web-asg] }
`;
}

function open(installation: Partial<NewInstallation> = {}) {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 9));
  const sandbox = createSandbox({ clock });
  const { github } = sandbox;
  const app = github.createApp();
  for (const name of ["dga-network", "dga-web"]) github.createRepository(owner, name);
  const installed = github.install(app, { owner, ...installation });
  const secrets = sandbox.account(account).secrets();
  secrets.put("app", JSON.stringify({ appId: String(app.id), privateKey: app.privateKey }));

  async function run(...args: readonly string[]) {
    let out = "";
    let error = "";
    const code = await runCli(args, {
      write: (text) => {
        out += text;
      },
      writeError: (text) => {
        error += text;
      },
      fetch: sandbox.fetch,
      now: () => new Date(clock.now()),
      cwd: folder,
      terminal: { interactive: false, columns: 80 },
      env: {},
      interrupted: new AbortController().signal,
      openAws: () => {
        throw new Error("no area is needed");
      },
      wait: (ms) => clock.advance(ms),
      openSecrets: async () => new SecretsManagerClient({ ...sandbox.clientConfig({ account }), maxAttempts: 1 }),
      openRegistry: () => Promise.reject(new Error("no registry is needed")),
    });
    return { code, out, error };
  }

  return {
    sandbox,
    github,
    app,
    installed,
    secrets,
    run,
    check: (...args: readonly string[]) =>
      run("github", "check", "--mapping", "windlass.yaml", "--secret", "app", ...args),
  };
}

describe("windlass github check", () => {
  it("says that all is well, and of what", async () => {
    const { check, github, app } = open();

    expect(await check()).toEqual({
      code: 0,
      error: "",
      out: `ok       App: GitHub knows the App windlass (${app.id}) by its key
ok       AusDTO: the App is installed (all repositories)
ok       AusDTO: it has the permissions it needs
ok       AusDTO/dga-network: it can be reached
ok       AusDTO/dga-web: it can be reached

GitHub is set up.
`,
    });
    expect(github.violations()).toEqual([]);
  });

  it("tells a wrong key", async () => {
    const { check, secrets, app, github } = open();
    const stranger = github.createApp({ ownKey: true });
    secrets.put("app", JSON.stringify({ appId: String(app.id), privateKey: stranger.privateKey }));

    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toMatch(/^PROBLEM {2}App: .*\(credentials-refused\)\n {9}-> .*key/);
  });

  it("tells a wrong App id", async () => {
    const { check, secrets, app } = open();
    secrets.put("app", JSON.stringify({ appId: "1", privateKey: app.privateKey }));

    expect((await check()).out).toMatch(/^PROBLEM {2}App: GitHub knows no App of this id \(app-unknown\)/);
  });

  it("tells that the App is not installed, or suspended", async () => {
    const { check, github, installed } = open();
    github.suspend(installed);
    expect((await check()).out).toContain("PROBLEM  AusDTO: the installation is suspended (installation-suspended)");
    github.uninstall(installed);
    expect((await check()).out).toContain("PROBLEM  AusDTO: the App is not installed there (not-installed)");
  });

  it("tells a missing permission", async () => {
    const { check } = open({ permissions: { checks: "write", deployments: "write" } });

    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toContain("PROBLEM  AusDTO: the installation lacks the permission issues: write (permission-missing)");
    expect(out).toContain("ok       AusDTO/dga-web: it can be reached");
  });

  it("tells a repository that is unknown, archived, without issues, or renamed", async () => {
    const { check, github } = open();
    github.repository(owner, "dga-network").archive();
    github.repository(owner, "dga-web").setIssuesEnabled(false);
    const first = await check();
    expect(first.out).toContain("PROBLEM  AusDTO/dga-network: it is archived");
    expect(first.out).toContain("PROBLEM  AusDTO/dga-web: its issues are disabled");
    github.repository(owner, "dga-network").delete();
    github.repository(owner, "dga-web").setIssuesEnabled(true);
    github.repository(owner, "dga-web").rename("web");
    const second = await check();

    expect(second.out).toMatch(/PROBLEM {2}AusDTO\/dga-network: .*\(not-installed\)/);
    expect(second.out).toContain(
      "WARNING  AusDTO/dga-web: it is AusDTO/web now; reports are sent on (repository-moved)",
    );
  });

  it("tells a host that can not be reached", async () => {
    const { check, sandbox } = open();
    sandbox.faults.add({ kind: "error-before", service: "github", code: "ECONNRESET" });

    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toMatch(/^PROBLEM {2}App: .*\(unreachable\)/);
  });

  it("tells a secret that is not there, or is none", async () => {
    const { check, secrets, run } = open();
    secrets.put("app", '{"appId":"1"}');
    expect((await check()).out).toMatch(/\(credentials-malformed\)/);

    const missing = await run("github", "check", "--mapping", "windlass.yaml", "--secret", "none");
    expect(missing.out).toMatch(/^PROBLEM {2}App: .*\(credentials-unreadable\)/);
  });

  it("warns of a clock that is wrong", async () => {
    const { check, github } = open();
    github.setClockSkew(5 * 60_000);

    expect((await check()).out).toContain("WARNING  clock: GitHub's clock is 300 seconds from this machine's");
  });

  it("prints its findings as JSON", async () => {
    const { check } = open();

    const { out } = await check("--json");
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      findings: [{ kind: "ok", code: "app-reached", hint: null }, {}, {}, {}, {}],
    });
  });

  it.each([
    [["github", "check"], "--mapping"],
    [["github", "check", "--mapping", "windlass.yaml"], "--secret <name>, or --app-id <id> with --key-file <file>"],
    [
      ["github", "check", "--mapping", "none.yaml", "--secret", "app"],
      "none.yaml: the file can not be read: found ENOENT",
    ],
    [["github", "check", "--mapping", "windlass.yaml", "--app-id", "1", "--key-file", "none.pem"], "none.pem"],
    [["github", "chekc"], "chekc"],
  ])("says what is wrong with %j", async (args, expected) => {
    const { run } = open();

    const { code, error } = await run(...args);
    expect(code).toBe(2);
    expect(error).toContain(expected);
    expect(error).not.toMatch(/\n\s+at /);
  });

  it("says where the mapping is wrong, or does without GitHub", async () => {
    const { check } = open();
    writeFileSync(join(folder, "windlass.yaml"), mappingText("githbu: {}"));
    expect((await check()).error).toMatch(/windlass\.yaml:5:1.*githbu/s);
    writeFileSync(join(folder, "windlass.yaml"), mappingText(""));
    expect((await check()).error).toContain("the mapping sends no reports to GitHub");
  });

  it("says what it does, and what its exit codes are", async () => {
    const { code, out } = await open().run("github", "check", "--help");

    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 all is well");
  });
});

describe.skipIf(!existsSync(program))(
  `the built program${existsSync(program) ? "" : " (skipped: run the build first)"}`,
  () => {
    it("checks a GitHub Enterprise Server with a key from a file", async () => {
      const { sandbox, app, github } = open();
      // A process of its own has the machine's clock.
      github.setClockSkew(Date.now() - Date.UTC(2026, 10, 24, 9));
      const { url, close } = await sandbox.listen();
      const keyFile = join(folder, "key.pem");
      writeFileSync(keyFile, app.privateKey);
      const args = [
        "github",
        "check",
        "--mapping",
        "windlass.yaml",
        "--app-id",
        app.clientId,
        "--key-file",
        keyFile,
        "--json",
      ];
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [program, ...args, "--api-url", `${url}/_github/api/v3`],
        { cwd: folder },
      );
      await close();

      expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    });
  },
);
