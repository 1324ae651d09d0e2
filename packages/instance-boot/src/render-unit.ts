import type { BootOptions } from "./boot-options.ts";

/**
 * How Node runs the runner. The memory of a deploy instance is Terraform's, but Node's young generation would grow to three
 * times 16 MB while a long log passes through the runner; and the runner says itself when to collect what is left of it.
 * https://nodejs.org/docs/latest-v24.x/api/cli.html#--max-semi-space-sizesize-in-mib
 */
export const RUNNER_NODE_OPTIONS: readonly string[] = ["--max-semi-space-size=1", "--expose-gc"];

/**
 * One heap of the C library for all of Node's threads, since each further one keeps pages of its own; and a fixed limit from
 * which on a buffer has pages of its own, which go back when it is freed: mallopt(3).
 */
export const RUNNER_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "131072",
};

/** EC2's console output shows the console. */
const OUTPUT = "journal+console";

/**
 * The runner as a service of systemd. A shutdown of the host, whoever asked for it, reaches the runner as SIGTERM,
 * which it answers itself; what is after the network and the engine is stopped before them, so that both are still there.
 *
 * - `SuccessAction`, `FailureAction`: systemd powers off once all of `ExecStopPost` is done, also where that failed. A
 *   command of `ExecStopPost` that powered off would have to be the last one, and to succeed.
 * - `TimeoutStopSec`: the runner's urgent grace (75 s), kill (15 s), saving (600 s, which after a stop is one time for all
 *   that it saves) and retiring (120 s), and some more for the last try of each.
 *   `ExecStopPost` has as long again.
 * - `OOMPolicy=continue`: a child of the runner that the kernel kills is for the runner to explain, and no end of it.
 */
export function renderUnit({ engine, hardLimitSeconds }: BootOptions): string {
  // Podman has no service to wait for.
  const after = engine === "docker" ? "network-online.target docker.service" : "network-online.target";
  return `[Unit]
Description=Windlass runner
Wants=network-online.target
After=${after}
SuccessAction=poweroff
FailureAction=poweroff

[Service]
Type=exec
WorkingDirectory=/var/lib/windlass
EnvironmentFile=/opt/windlass/runner.env
${renderEnvironment()}
ExecStart=/opt/windlass/node ${RUNNER_NODE_OPTIONS.join(" ")} /opt/windlass/runner.mjs
ExecStopPost=/opt/windlass/boot leave
KillMode=mixed
RuntimeMaxSec=${hardLimitSeconds}
TimeoutStopSec=900
OOMScoreAdjust=-900
OOMPolicy=continue
NoNewPrivileges=yes
LimitCORE=0
StandardOutput=${OUTPUT}
StandardError=inherit
`;
}

function renderEnvironment(): string {
  return Object.entries(RUNNER_ENVIRONMENT)
    .map(([name, value]) => `Environment=${name}=${value}`)
    .join("\n");
}
