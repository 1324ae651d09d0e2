import { describe, expect, it } from "vitest";
import { openAreas } from "./areas/open-areas.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const REASON = ["--reason", "an audit"] as const;
const applyFailed = {
  outcome: "failed" as const,
  exitCode: 1,
  steps: [{ step: "apply" as const, exitCode: 1, seconds: 1 }],
};

/** An area where A was deployed, and then B. */
async function openDeployed(area: "staging" | "production" = "staging") {
  const areas = openAreas();
  const digestA = areas.push("dga-network", area, A);
  await areas.deploy(area);
  const digestB = areas.push("dga-network", area, B);
  await areas.deploy(area);
  const ask = (command: string, ...args: readonly string[]) =>
    areas.run(command, "dga-network", "--area", area, ...REASON, ...args);
  const controls = async () => {
    const listed = await areas.store(area).listControls();
    return listed.kind === "controls" ? listed.controls.map(({ control }) => control) : [];
  };
  /** As if the area's schedule ran: a tick a minute while the command waits. */
  const whileTicking = (...args: readonly string[]) =>
    areas.runWith({ wait: () => areas.tick(area) }, ...args, "--area", area, ...REASON, "--wait");
  /** What was launched runs to its end. */
  async function finishStarted(): Promise<void> {
    const ledger = await areas.ledger(area);
    const [started] = Object.values(ledger.deployments).filter(({ state }) => state === "launching");
    await areas.clock.advance(60_000);
    const running = await areas.runner(area, started!.id);
    await running.claim();
    await running.finish();
    await areas.tick(area);
  }
  const record = async () => (await areas.ledger(area)).images["dga-network"];
  return { ...areas, ask, controls, whileTicking, finishStarted, record, digestA, digestB };
}

describe("windlass hold", () => {
  it("sends what is asked for, with who and why, and says what becomes of it", async () => {
    const { ask, controls, digestA } = await openDeployed();

    const { code, out, error } = await ask("hold", "--commit", "aaaaaaa", "--id", "mine");

    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toBe(
      `Sent: hold dga-network in staging at aaaaaaa, by operator/kim: an audit (mine).
It deploys dga-network aaaaaaa (${digestA}), as soon as every rule lets it start.
The next tick takes it.
`,
    );
    expect(await controls()).toMatchObject([
      { value: { kind: "hold", image: "dga-network", digest: digestA, by: "operator/kim", reason: "an audit" } },
    ]);
  });

  it("waits for the tick that takes it, and shows what that changed", async () => {
    const { whileTicking, digestA } = await openDeployed();

    const { code, out, error } = await whileTicking("hold", "dga-network", "--digest", digestA, "--id", "mine");

    expect({ code, error }).toEqual({ code: 0, error: "Waiting for the tick that takes it ...\n" });
    expect(out).toMatch(/^Done: hold dga-network in staging at sha256:\w+, by operator\/kim: an audit \(mine\)\./);
    expect(out).toContain("dga-network hold: not held -> held at aaaaaaa by operator/kim: an audit\n");
    expect(out).toMatch(/dga-network deployment: none -> 2026\w+-3 of aaaaaaa launching\n/);
    expect(out).toMatch(/dga-network stands: live -> deploying: launching \(2026\w+-3\)\n/);
  });

  it("says that holding at what is live deploys it again where the account may have been changed since", async () => {
    const { push, deploy, ask, digestB } = await openDeployed();
    push("dga-network", "staging", "c".repeat(40));
    await deploy("staging", applyFailed);

    const { out } = await ask("hold", "--dry-run");

    expect(out).toContain(`It deploys dga-network bbbbbbb (${digestB}), as soon as every rule lets it start.\n`);
  });

  it("says which waiting deployment ends", async () => {
    const { clock, push, tick, ask } = await openDeployed("production");
    await clock.advance(12 * 3_600_000);
    push("dga-network", "production", "c".repeat(40));
    await tick("production");

    const { out } = await ask("hold", "--dry-run");

    expect(out).toMatch(/It ends the waiting deployment 2026\w+-3 of dga-network ccccccc \(sha256:\w+\)\.\n/);
  });

  it.each([
    [["--digest", "sha256:1", "--commit", "a"], 2, "one of --digest and --commit"],
    [["--digest", "sha256:1"], 2, "--digest is no image digest"],
    [["--commit", "dddd"], 3, "there is no deployment of a commit of this name"],
    [["--timeout", "soon"], 2, "--timeout is no duration"],
    [["--id", "not one"], 2, "--id is none"],
    [["--reason", " "], 2, "there is no reason"],
  ])("refuses %j", async (args, code, text) => {
    const { ask, controls } = await openDeployed();

    const ran = await ask("hold", ...args);

    expect(ran).toMatchObject({ code, out: "" });
    expect(ran.error).toContain(text);
    expect(ran.error.trim()).not.toContain("\n");
    expect(await controls()).toEqual([]);
  });

  it("asks for more digits where several commits begin with those", async () => {
    const { push, deploy, ask } = await openDeployed();
    push("dga-network", "staging", `aab${"0".repeat(37)}`);
    await deploy("staging");

    expect(await ask("hold", "--commit", "aa")).toMatchObject({
      code: 2,
      error: expect.stringContaining("several commits begin with these digits"),
    });
  });

  it("says which image was meant, and which there are", async () => {
    const { run } = openAreas();

    const { code, error } = await run("hold", "dga-netwrok", "--area", "staging", ...REASON);

    expect(code).toBe(3);
    expect(error).toBe(
      'there is no image of this name: expected "dga-network", "dga-site" or "dga-web", found "dga-netwrok" (unknown-image). Hint: did you mean "dga-network"?\n',
    );
  });

  it("needs a reason", async () => {
    const { run } = openAreas();

    const { code, error } = await run("hold", "dga-network", "--area", "staging");

    expect(code).toBe(2);
    expect(error).toContain("--reason <text>");
  });
});

describe("whoever may only look", () => {
  it("is told what acting takes", async () => {
    const { sandbox, ask } = await openDeployed();
    sandbox.account("333333333333").s3.deny({ role: "operator", prefix: "controls/", actions: ["PutObject"] });

    const { code, error } = await ask("hold");

    expect(code).toBe(5);
    expect(error).toContain("you may look at this area, and not act on it (no-permission). Hint: ask for a role");
  });
});

describe("windlass rollback", () => {
  it("holds at what was live before, and the image stays there until unhold", async () => {
    const { whileTicking, finishStarted, ask, push, tick, deploy, record, digestA } = await openDeployed();

    const { out } = await whileTicking("rollback", "dga-network");
    expect(out).toMatch(/^Done: hold dga-network in staging at aaaaaaa/);
    expect(await record()).toMatchObject({ hold: { digest: digestA } });
    await finishStarted();
    const newer = push("dga-network", "staging", "c".repeat(40));
    expect((await tick("staging")).launched).toEqual([]);
    expect(await record()).toMatchObject({ live: { digest: digestA }, head: { digest: newer } });

    await ask("unhold");
    await deploy("staging");
    expect(await record()).toMatchObject({ live: { digest: newer }, hold: null });
  });

  it("goes one version further back where a rollback holds the image already", async () => {
    const { push, deploy, ask, whileTicking, finishStarted, record, digestA, digestB } = await openDeployed();
    push("dga-network", "staging", "c".repeat(40));
    await deploy("staging");
    await whileTicking("rollback", "dga-network");
    await finishStarted();
    expect(await record()).toMatchObject({ live: { digest: digestB }, hold: { digest: digestB } });

    const { out } = await ask("rollback", "--json");

    expect(JSON.parse(out)).toMatchObject({
      kind: "sent",
      because: "it was live before the one that is held",
      control: { kind: "hold", digest: digestA },
      begins: [{ deployment: null, image: "dga-network", digest: digestA, commit: A }],
    });
  });

  it("goes to what is live where a failed deployment may have changed the account since", async () => {
    const { push, deploy, ask, digestB } = await openDeployed();
    push("dga-network", "staging", "c".repeat(40));
    await deploy("staging", applyFailed);

    expect(JSON.parse((await ask("rollback", "--json", "--dry-run")).out)).toMatchObject({
      kind: "planned",
      because: expect.stringContaining("it is live, but"),
      control: { digest: digestB },
    });
  });

  it("says where there is nothing to go back to", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);
    await areas.deploy("staging");

    const ran = await areas.run("rollback", "dga-network", "--area", "staging", ...REASON);
    const never = await areas.run("rollback", "dga-web", "--area", "staging", ...REASON);

    expect(ran).toMatchObject({ code: 3, error: expect.stringContaining("nothing was live before aaaaaaa") });
    expect(never).toMatchObject({ code: 3, error: expect.stringContaining("nothing is live") });
  });
});

describe("windlass retry, unblock and cancel", () => {
  it("retry lets what failed be tried again, and concerns that attempt alone", async () => {
    const { push, deploy, ask, controls, tick } = await openDeployed();
    push("dga-network", "staging", "c".repeat(40));
    const failed = await deploy("staging", { outcome: "failed", exitCode: 1 });

    await ask("retry");

    expect(await controls()).toMatchObject([{ value: { kind: "retry", deployment: failed } }]);
    expect((await tick("staging")).launched).toHaveLength(1);
  });

  it("unblock releases the block that was seen, once, though it is sent twice", async () => {
    const { push, deploy, ask, tick, record } = await openDeployed();
    push("dga-network", "staging", "c".repeat(40));
    const blocking = await deploy("staging", { outcome: "unknown", exitCode: null });
    await ask("unblock");
    await ask("unblock", "--json");
    await deploy("staging", { outcome: "unknown", exitCode: null });
    await tick("staging");

    const { block } = (await record())!;
    expect(block?.deployment).toBeDefined();
    expect(block?.deployment).not.toBe(blocking);
  });

  it("cancel names the deployment that it saw", async () => {
    const { push, tick, whileTicking, ledger } = await openDeployed();
    push("dga-network", "staging", "c".repeat(40));
    const { launched } = await tick("staging");

    const { out } = await whileTicking("cancel", "dga-network", "--json");

    expect(JSON.parse(out)).toMatchObject({ kind: "taken", control: { deployment: launched[0] } });
    expect((await ledger("staging")).deployments[launched[0]!]?.cancel).toMatchObject({ by: "operator/kim" });
  });
});

describe("windlass deploy-now, pause and resume", () => {
  it("deploy-now starts the head outside the window", async () => {
    const { clock, push, tick, ask } = await openDeployed("production");
    await clock.advance(12 * 3_600_000);
    push("dga-network", "production", "c".repeat(40));
    expect((await tick("production")).launched).toEqual([]);

    await ask("deploy-now", "--yes");

    expect((await tick("production")).launched).toHaveLength(1);
  });

  it("pause starts nothing in the area until resume", async () => {
    const { run, runWith, push, tick, ledger } = await openDeployed();
    const wait = () => tick("staging");
    const paused = await runWith({ wait }, "pause", "--area", "staging", ...REASON, "--wait");
    expect(paused.out).toMatch(/\npause: not paused -> paused by operator\/kim: an audit\n/);
    push("dga-network", "staging", "c".repeat(40));
    expect((await tick("staging")).launched).toEqual([]);
    expect((await ledger("staging")).pause).toMatchObject({ by: "operator/kim", reason: "an audit" });

    await run("resume", "--area", "staging", ...REASON);

    expect((await tick("staging")).launched).toHaveLength(1);
  });
});

describe("what would change nothing", () => {
  it.each([
    ["unhold", "it is not held"],
    ["unblock", "it is not blocked"],
    ["cancel", "it has no deployment that could be cancelled"],
    ["retry", "no attempt at its head has ended"],
    ["deploy-now", "its head is live"],
  ])("is not sent: %s", async (command, because) => {
    const { ask, controls } = await openDeployed();

    expect(await ask(command)).toEqual({ code: 0, error: "", out: `Nothing to do: ${because}.\n` });
    expect(JSON.parse((await ask(command, "--json")).out)).toMatchObject({ kind: "nothing-to-do", because });
    expect(await controls()).toEqual([]);
  });

  it("is seen with what was sent before, and not taken yet", async () => {
    const { ask, controls } = await openDeployed();
    await ask("hold");

    expect(await ask("unhold")).toMatchObject({ code: 0, out: expect.stringMatching(/^Sent: unhold/) });
    expect(await controls()).toHaveLength(2);
  });
});

describe("an area that is asked for twice", () => {
  it("is every one but the mapping's first", async () => {
    const { ask, controls } = await openDeployed("production");

    const { code, out, error } = await ask("hold");

    expect({ code, out }).toEqual({ code: 6, out: "" });
    expect(error).toContain("there is no terminal to ask at: expected --yes");
    expect(await controls()).toEqual([]);
    expect(await ask("hold", "--yes")).toMatchObject({ code: 0 });
    expect(await controls()).toHaveLength(1);
  });

  it("tells a person what is to be done before, and does nothing without a yes", async () => {
    const { runWith, controls, digestA } = await openDeployed("production");
    const questions: string[] = [];
    const answer = (yes: boolean) => (question: string) => {
      questions.push(question);
      return Promise.resolve(yes);
    };
    const args = ["rollback", "dga-network", "--area", "production", ...REASON];

    expect(await runWith({ confirm: answer(false) }, ...args)).toMatchObject({ code: 6, out: "Nothing was sent.\n" });
    expect(await controls()).toEqual([]);
    expect(await runWith({ confirm: answer(true) }, ...args)).toMatchObject({ code: 0 });
    expect(await controls()).toHaveLength(1);
    expect(questions[0]).toBe(`Production: hold dga-network in production at aaaaaaa?
  This version: it was live before.
  It deploys dga-network aaaaaaa (${digestA}), as soon as every rule lets it start.
Go on?`);
  });
});

describe("waiting", () => {
  it("ends with its own exit code when no tick takes it in time", async () => {
    const { ask, controls } = await openDeployed();

    const { code, out } = await ask("hold", "--wait", "--timeout", "30s");

    expect(code).toBe(7);
    expect(out).toContain("No tick has taken it yet; the next one does.\n");
    expect(await controls()).toHaveLength(1);
  });
});
