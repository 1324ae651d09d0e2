import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { missingForMachine } from "./support/boot-machine.ts";
import { type BootWorld, openBootWorld } from "./support/boot-world.ts";
import { ASSETS, BUCKET, DEPLOYMENT, someOptions } from "./support/options.ts";

const missing = missingForMachine();

describe("an instance that can not boot", () => {
  let world: BootWorld;
  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing);
    world = await openBootWorld();
  });
  afterEach(() => world?.close());

  function expectRetired(): void {
    expect(world.staying()).toEqual([]);
    expect(world.desired()).toBe(0);
    expect(world.machine.calls().at(-1)).toBe("systemctl poweroff");
  }

  it("claims the deployment, reports on it and retires where the runner is not the expected file", async () => {
    const { runner } = someOptions();

    const ran = await world.boot({ runner: { ...runner, sha256: "ef".repeat(32) } });

    expect(ran.code).not.toBe(0);
    const claim = world.claim();
    expect(claim).toMatchObject({ deployment: DEPLOYMENT, epoch: 7, holder: "runner", instance: world.instance });
    expect(world.result()).toMatchObject({
      ...{ deployment: DEPLOYMENT, epoch: 7, instance: world.instance, nonce: claim?.nonce },
      ...{ outcome: "never-started", exitCode: null, digest: null, plan: null, steps: [], brokenLock: null, notes: [] },
      failure: {
        code: "boot-failed",
        message: expect.stringMatching(/problem: s3:\/\/\S+\.mjs is not the file with the sha256 efefef\w+$/),
        hint: expect.stringContaining("/var/log/windlass-boot.log"),
      },
    });
    expect(world.machine.calls()).not.toContain("systemctl start windlass-runner.service");
    expectRetired();
  });

  it.each([
    {
      what: "packages can not be installed",
      stub: "dnf",
      lines: "echo No match for docker; exit 1",
      told: "No match for docker",
    },
    {
      what: "the engine does not start",
      stub: "systemctl",
      lines: '[ "$2" != docker.service ]',
      told: "deployment 2026",
    },
    {
      what: "the runner does not start",
      stub: "systemctl",
      lines: '[ "$2" != windlass-runner.service ]',
      told: "v24.21.0",
    },
    {
      what: "the boot takes too long",
      stub: "timeout",
      lines: "echo sending signal TERM; exit 124",
      told: "signal TERM",
    },
    { what: "the address is refused", stub: "ip", lines: "echo RTNETLINK answers: no; exit 2", told: "RTNETLINK" },
  ])("reports and retires where $what", async ({ stub, lines, told }) => {
    world.machine.stub(stub, lines);

    await world.boot();

    expect(world.result()).toMatchObject({
      outcome: "never-started",
      failure: { message: expect.stringContaining(told) },
    });
    expectRetired();
  });

  it("says which machine it is where the architecture is another", async () => {
    await world.boot({ architecture: "arm64" });

    expect(world.result()?.failure?.message).toMatch(/problem: this is x86_64, and what runs here is for aarch64$/);
    expectRetired();
  });

  it("says so where Node does not run", async () => {
    const node = world.storeNode("exit 126");

    await world.boot({ node });

    expect(world.result()?.failure?.message).toMatch(/problem: Node does not run here$/);
    expectRetired();
  });

  it("makes valid JSON of whatever is on the console, at most 4000 characters, without what looks like a secret", async () => {
    const secret = `${"AKIA"}IOSFODNN7EXAMPLE`;
    const token = "Zm9vYmFy".repeat(20);
    world.machine.stub(
      "dnf",
      `for n in {1..60}; do printf 'line %s: "quoted" \\\\ back\\tslash $HOME \\x60id\\x60 \\033[31mred\\r é %%s %s\\n' "$n" ${"x".repeat(60)}; done
       echo key ${secret} token ${token}; exit 1`,
    );

    await world.boot();

    const message = world.result()?.failure?.message ?? "";
    expect(message).toContain('"quoted" \\ back slash $HOME `id` [31mred  %s xxx');
    expect(message).toContain("key [redacted] token [redacted]\n");
    expect(message).not.toContain(secret);
    expect(message).not.toContain(token);
    expect(message.split("\n").length).toBeLessThanOrEqual(30);
    expect(message.length).toBeGreaterThan(2500);
    expect(message.length).toBeLessThanOrEqual(4000);
  });

  it("writes no result where somebody else has the claim", async () => {
    const theirs = '{"holder":"lambda"}';
    world.account.s3.write(BUCKET, `runs/${DEPLOYMENT}/claim.json`, theirs);
    world.machine.stub("dnf", "exit 1");

    const { console } = await world.boot();

    expect(console).toContain("the claim is not to be had: nothing to report");
    expect(world.account.s3.keys(BUCKET)).toEqual([`runs/${DEPLOYMENT}/claim.json`]);
    expect(world.account.s3.read(BUCKET, `runs/${DEPLOYMENT}/claim.json`)?.text).toBe(theirs);
    expectRetired();
  });

  it("knows its own claim again where the answer to it was lost", async () => {
    world.machine.stub("dnf", "exit 1");
    world.sandbox.faults.add({ kind: "error-after", service: "s3", action: "PutObject", times: 2 });

    await world.boot();

    expect(world.result()).toMatchObject({ outcome: "never-started", nonce: world.claim()?.nonce });
    expectRetired();
  });

  it("tries again where two writes got in each other's way", async () => {
    world.machine.stub("dnf", "exit 1");
    world.account.s3.conflictNext(2);

    await world.boot();

    expect(world.result()?.outcome).toBe("never-started");
  });

  it("writes into a bucket of the area's account only", async () => {
    world.machine.stub("dnf", "exit 1");

    await world.boot({ account: "444444444444" });

    expect(world.account.s3.keys(BUCKET)).toEqual([]);
    expectRetired();
  });

  it("powers off where the network is gone, and says what it could not do", async () => {
    world.machine.stub("dnf", '>"$ROOT/offline"; echo no route; exit 1');

    const { console } = await world.boot();

    expect(console).toContain("the claim is not to be had");
    expect(console).toContain("can not terminate the instance");
    expect(world.account.s3.keys(BUCKET)).toEqual([]);
    expect(world.desired()).toBe(1);
    expect(world.machine.calls().at(-1)).toBe("systemctl poweroff");
  });

  it("powers off where there is no instance metadata", async () => {
    world.machine.stub("curl", "exit 7");

    const { console } = await world.boot();

    expect(console).toContain("problem: instance metadata does not tell the id of the instance");
    expect(world.account.s3.keys(ASSETS)).toHaveLength(2);
    expect(world.account.s3.keys(BUCKET)).toEqual([]);
    expect(world.machine.calls().at(-1)).toBe("systemctl poweroff");
  });
});

describe("an instance that does not know its deployment", () => {
  let world: BootWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it.for([
    { what: "missing", tag: null },
    { what: "something else", tag: "../../history" },
  ])("retires without a report where the tag is $what", async ({ tag }, context) => {
    if (missing !== null) context.skip(missing);
    world = await openBootWorld({ tag });

    const { console } = await world.boot();

    expect(console).toContain("problem: instance metadata has no tag windlass:deployment with a deployment in it");
    expect(world.account.s3.keys(BUCKET)).toEqual([]);
    expect(world.machine.calls()).not.toContain("systemctl start docker.service");
    expect(world.staying()).toEqual([]);
    expect(world.desired()).toBe(0);
  });
});
