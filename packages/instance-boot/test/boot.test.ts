import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { missingForMachine } from "./support/boot-machine.ts";
import { type BootWorld, openBootWorld } from "./support/boot-world.ts";
import { ACCOUNT, BUCKET, DEPLOYMENT } from "./support/options.ts";

const missing = missingForMachine();

describe("the boot of a deploy instance", () => {
  let world: BootWorld;
  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing);
    world = await openBootWorld();
  });
  afterEach(() => world?.close());

  it("starts the runner, and leaves everything else to it", async () => {
    const ran = await world.boot();

    expect(ran.code).toBe(0);
    expect(ran.console).toContain(`instance ${world.instance}, deployment ${DEPLOYMENT}\n`);
    expect(ran.console).toMatch(/the runner is started\n$/);
    expect(world.machine.read("var/log/windlass-boot.log")).toBe(ran.console);
    expect(world.machine.calls()).toEqual([
      "dnf --releasever=2023.9.20251117 --assumeyes install docker",
      "systemctl start docker.service",
      "systemctl daemon-reload",
      "systemctl start windlass-runner.service",
    ]);
    expect(world.account.s3.keys(BUCKET)).toEqual([]);
    expect(world.desired()).toBe(1);
    expect(world.staying()).toEqual([world.instance]);
  });

  it("writes the runner's environment and its unit, and nothing into them that it found on the way", async () => {
    await world.boot();

    expect(world.machine.read("opt/windlass/runner.env")).toBe(`WINDLASS_AREA=staging
WINDLASS_ACCOUNT=333333333333
AWS_REGION=ap-southeast-2
WINDLASS_STATE_BUCKET=windlass-state-333333333333
WINDLASS_DEPLOY_GROUP=windlass-deploy
WINDLASS_WORK_DIRECTORY=/var/lib/windlass
WINDLASS_ENGINE=docker
WINDLASS_APPLY_ROLE=arn:aws:iam::333333333333:role/windlass-apply
`);
    expect(world.machine.read("etc/systemd/system/windlass-runner.service")).toBe(`[Unit]
Description=Windlass runner
Wants=network-online.target
After=network-online.target docker.service
SuccessAction=poweroff
FailureAction=poweroff

[Service]
Type=exec
WorkingDirectory=/var/lib/windlass
EnvironmentFile=/opt/windlass/runner.env
Environment=MALLOC_ARENA_MAX=1
Environment=MALLOC_MMAP_THRESHOLD_=131072
ExecStart=/opt/windlass/node --max-semi-space-size=1 --expose-gc /opt/windlass/runner.mjs
ExecStopPost=/opt/windlass/boot leave
KillMode=mixed
RuntimeMaxSec=7200
TimeoutStopSec=900
OOMScoreAdjust=-900
OOMPolicy=continue
NoNewPrivileges=yes
LimitCORE=0
StandardOutput=journal+console
StandardError=inherit
`);
    expect(world.machine.read("opt/windlass/runner.mjs")).toBe("// the runner\n");
    expect(world.machine.has("opt/windlass/node")).toBe(true);
    expect(world.machine.has("var/lib/windlass")).toBe(true);
  });

  it("gives the instance the address of container credentials, before the runner starts", async () => {
    world.machine.stub(
      "systemctl",
      'if [ "$2" = windlass-runner.service ]; then ip -brief address >"$ROOT/at-start"; fi',
    );

    await world.boot();

    expect(world.machine.note("at-start")).toContain("169.254.170.2/32");
    expect(world.machine.note("addresses")).toContain("169.254.170.2/32");
  });

  it("takes the release of the image where none is named", async () => {
    await world.boot({ release: null });

    expect(world.machine.calls()[0]).toBe("dnf --assumeyes install docker");
  });

  it("installs no engine where the image has one", async () => {
    world.machine.stub("docker", "");

    const ran = await world.boot();

    expect(ran.code).toBe(0);
    expect(world.machine.calls()[0]).toBe("systemctl start docker.service");
  });

  it("starts no service for Podman, which has none", async () => {
    await world.boot({ engine: "podman" });

    expect(world.machine.calls()).toEqual([
      "dnf --releasever=2023.9.20251117 --assumeyes install podman",
      "systemctl daemon-reload",
      "systemctl start windlass-runner.service",
    ]);
    expect(world.machine.read("opt/windlass/runner.env")).toContain("WINDLASS_ENGINE=podman\n");
    expect(world.machine.read("etc/systemd/system/windlass-runner.service")).toContain("After=network-online.target\n");
  });

  it("waits for a tag that is late, and tries downloads and packages again", async () => {
    world.machine.precede("curl", 'case "$*" in *tags*) [ -e "$ROOT/asked" ] || { >"$ROOT/asked"; exit 22; } ;; esac');
    world.machine.stub("dnf", '[ -e "$ROOT/tried" ] || { >"$ROOT/tried"; exit 1; }');
    world.sandbox.faults.add({ kind: "error-before", service: "s3", action: "GetObject", times: 2 });

    const ran = await world.boot();

    expect(ran.code).toBe(0);
    const waits = world.machine.calls().filter((call) => call.startsWith("sleep"));
    expect(waits).toEqual(["sleep 1", "sleep 1", "sleep 1", "sleep 2"]);
  });

  it("shows no credential: not on the console, and not in an argument", async () => {
    world.machine.precede("curl", "");
    world.sandbox.faults.add({ kind: "error-before", service: "s3", action: "GetObject" });

    const { console } = await world.boot();

    const seen = `${console}\n${world.machine.calls().join("\n")}\n${JSON.stringify(world.result())}`;
    expect(seen).toContain("latest/meta-data/tags/instance/windlass:deployment");
    expect(seen).not.toContain("sandbox-imds");
    expect(seen).not.toContain(`${ACCOUNT}.`);
    expect(seen).not.toMatch(/x-amz-security-token|aws_session_token|SecretAccessKey/i);
  });
});
