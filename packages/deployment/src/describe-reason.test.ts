import { describe, expect, it } from "vitest";
import { describeReason } from "./describe-reason.ts";
import type { DeploymentId, Instant } from "./identifiers.ts";
import type { Reason } from "./reason.ts";
import { digest } from "./testing/world.ts";

const id = "20261124t090000z-42" as DeploymentId;
const request = { control: "c-1", by: "ann", reason: "an audit", at: "2026-11-24T09:00:00.000Z" as Instant };
const CASES: readonly (readonly [Reason, string])[] = [
  [{ kind: "live" }, "live"],
  [{ kind: "ready" }, "waiting: starts with the next tick"],
  [{ kind: "no-head" }, "no image carries this area's tag"],
  [{ kind: "unreadable", what: "its head" }, "waiting: its head could not be read"],
  [{ kind: "deploying", deployment: id, phase: "applying", progress: "12/40" }, `deploying: applying 12/40 (${id})`],
  [{ kind: "deploying", deployment: id, phase: "launching", progress: null }, `deploying: launching (${id})`],
  [{ kind: "paused", request }, "waiting: the area is paused by ann because an audit"],
  [
    { kind: "waiting-window", opensAt: "2026-11-24T09:00+11:00", freeze: null },
    "waiting: window opens 2026-11-24T09:00+11:00",
  ],
  [
    { kind: "waiting-window", opensAt: null, freeze: "audit" },
    "waiting: window opens not within a year (freeze: audit)",
  ],
  [{ kind: "waiting-dependency", on: "dga-network", because: null }, "waiting: dga-network first"],
  [
    { kind: "waiting-dependency", on: "dga-network", because: "held by ann" },
    "waiting: dga-network first (held by ann)",
  ],
  [{ kind: "waiting-turn", behind: "dga-site" }, "waiting: behind dga-site"],
  [{ kind: "waiting-group", because: "an instance is there" }, "waiting: an instance is there"],
  [
    { kind: "waiting-retry", notBefore: "2026-11-24T09:05:00.000Z", outcome: "lost", attempt: 2, of: 4 },
    "waiting: attempt 2 of 4 at 2026-11-24T09:05:00.000Z, after lost",
  ],
  [{ kind: "held", digest: null, request }, "held by ann because an audit"],
  [{ kind: "held", digest: digest("a"), request }, `held at ${digest("a")} by ann because an audit`],
  [{ kind: "quarantined", outcome: "failed", attempts: 1, of: 1 }, "quarantined: failed 1 of 1"],
  [{ kind: "blocked", deployment: id, outcome: "unknown" }, `blocked: unknown (${id}); a person must unblock it`],
];

describe("describeReason", () => {
  it.each(CASES)("tells %j in one line", (reason, line) => {
    expect(describeReason(reason)).toBe(line);
  });
});
