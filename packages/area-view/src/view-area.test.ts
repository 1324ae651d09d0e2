import { type Control, type Lease, planTick, type Reason } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import {
  AT,
  aDeployment,
  aLedger,
  aLive,
  anImage,
  BUCKET,
  commit,
  digest,
  idOf,
  NOW,
  request,
  scope,
  sliceOf,
} from "../test/records.ts";
import type { AreaView, ImageView } from "./area-view.ts";
import { type AreaInput, runsToRead, viewArea } from "./view-area.ts";

const NONE = { kind: "controls", controls: [] } as const;
const CONSOLE = "https://ap-southeast-2.console.aws.amazon.com";

function view(change: Partial<AreaInput> = {}): AreaView {
  return viewArea({ slice: sliceOf(), ledger: aLedger(), controls: NONE, now: NOW, ...change });
}

function imageIn(area: AreaView, name = "dga-network"): ImageView {
  return area.images.find(({ image }) => image === name)!;
}

function aControl(change: Partial<Control> = {}) {
  const value = {
    schema: 1,
    kind: "retry",
    id: "c-1",
    image: "dga-web",
    by: "kim",
    reason: "again",
    at: AT,
    ...change,
  };
  return { key: `controls/${value.id}.json`, control: { kind: "control", value: value as Control } } as const;
}

describe("viewArea", () => {
  it("says where the area is, and since when its ledger stands as it does", () => {
    const { images, ...area } = view();

    expect(area).toEqual({
      workload: "dataGov",
      area: "scratch",
      account: "222222222222",
      alias: "sts",
      region: "ap-southeast-2",
      branch: "Develop",
      at: NOW.toISOString(),
      window: { kind: "open", closesAt: null },
      paused: null,
      ledger: { changedAt: AT, ageSeconds: 900 },
      controls: { kind: "controls", waiting: [], invalid: [], overdue: false },
    });
    expect(images.map(({ image }) => image)).toEqual(["dga-network", "dga-site", "dga-web"]);
  });

  it("has every image also where no tick has ever run", () => {
    const area = view({ ledger: null });

    expect(area.ledger).toBeNull();
    expect(area.images.map(({ standing }) => standing)).toEqual(["none", "none", "none"]);
  });

  it("says who paused the area, and lets what waits say so", () => {
    const waiting = aDeployment({ state: "waiting", endedAt: null, launchedAt: null });
    const image = anImage({ head: { digest: digest("a"), commit: null, pushedAt: null } });
    const ledger = aLedger({
      pause: request,
      images: { "dga-network": image },
      deployments: { [waiting.id]: waiting },
    });

    const area = view({ ledger });

    expect(area.paused).toEqual({ by: "kim", reason: "audit", at: AT });
    expect(imageIn(area)).toMatchObject({ standing: "waiting", reason: { kind: "paused" } });
  });

  it("does not call a ledger younger than nothing", () => {
    expect(view({ now: new Date("2026-11-24T01:00:00Z") }).ledger?.ageSeconds).toBe(0);
  });
});

describe("the controls of an area", () => {
  it("wait until they are applied, and are overdue when no tick takes them", () => {
    const fresh = aControl({ id: "c-2", at: "2026-11-24T02:14:00.000Z" as Control["at"] });
    const area = aControl({ id: "c-4", kind: "pause", at: "2026-11-24T02:14:00.000Z" as Control["at"] });
    const applied = aControl({ id: "c-3" });
    const ledger = aLedger({ appliedControls: { "c-3": AT } });
    const broken = { key: "controls/x.json", control: { kind: "invalid", problem: "no JSON" } } as const;

    const one = view({ ledger, controls: { kind: "controls", controls: [fresh, area, applied, broken] } });
    const later = view({
      ledger,
      controls: { kind: "controls", controls: [fresh] },
      now: new Date("2026-11-24T02:35:00Z"),
    });

    expect(one.controls).toMatchObject({
      waiting: [
        { id: "c-2", kind: "retry", image: "dga-web", by: "kim", reason: "again" },
        { id: "c-4", kind: "pause", image: null },
      ],
      invalid: ["controls/x.json"],
      overdue: false,
    });
    expect(later.controls).toMatchObject({ overdue: true });
  });

  it("may be unreadable, which is said", () => {
    const controls = { kind: "unreadable", code: "access-denied", message: "denied" } as const;

    expect(view({ controls }).controls).toEqual({ kind: "unreadable", message: "denied" });
  });
});

describe("an image", () => {
  it("shows head, live and what was live before, with links to their commits", () => {
    const image = anImage({
      head: { digest: digest("b"), commit: commit("b"), pushedAt: AT },
      live: aLive("a"),
      previous: aLive("c", { commit: null }),
      disturbed: { deployment: idOf(2), at: AT },
      deployNow: { digest: digest("b"), request },
    });

    const shown = imageIn(view({ ledger: aLedger({ images: { "dga-site": image } }) }), "dga-site");

    const page = "https://github.com/AusDTO/dga-site-iac/commit";
    expect(shown).toMatchObject({
      kind: "terraform",
      after: ["dga-network"],
      head: { digest: digest("b"), commitUrl: `${page}/${commit("b")}`, pushedAt: AT },
      live: {
        digest: digest("a"),
        commitUrl: `${page}/${commit("a")}`,
        since: AT,
        disturbed: true,
        deployment: idOf(1),
      },
      previous: { digest: digest("c"), commit: null, commitUrl: null },
      deployNow: request,
      deployment: null,
      failure: null,
    });
  });

  it("has no links where the mapping names no organization", () => {
    const ledger = aLedger({ images: { "dga-network": anImage({ live: aLive("a") }) } });

    expect(imageIn(view({ ledger, slice: sliceOf("") })).live?.commitUrl).toBeNull();
  });

  it.each([
    [digest("b"), commit("b")],
    [digest("c"), commit("c")],
    [digest("e"), commit("f")],
    [null, commit("f")],
  ])("is held at %s, whose commit is %s", (held, known) => {
    const image = anImage({
      head: { digest: digest("b"), commit: commit("b"), pushedAt: AT },
      previous: aLive("c"),
      hold: { digest: held, commit: commit("f"), request },
    });

    const shown = imageIn(view({ ledger: aLedger({ images: { "dga-network": image } }) }));

    expect(shown).toMatchObject({ hold: { digest: held, commit: known, request } });
  });

  it("says how far its run is by the lease, where there is one, and by the ledger where there is none", () => {
    const running = aDeployment({ state: "running", endedAt: null, phase: "planning", progress: null });
    const ledger = aLedger({ deployments: { [running.id]: running } });
    const lease = { phase: "applying", progress: "3/7", at: "2026-11-24T02:14:50.000Z" } as Lease;

    const byLease = imageIn(view({ ledger, leases: { [running.id]: lease } }));
    const byLedger = imageIn(view({ ledger }));

    expect(byLease).toMatchObject({
      standing: "deploying",
      text: `deploying: applying 3/7 (${running.id})`,
      deployment: {
        deployment: running.id,
        state: "running",
        phase: "applying",
        progress: "3/7",
        leaseAgeSeconds: 10,
        logUrl: `${CONSOLE}/s3/buckets/${BUCKET}?region=ap-southeast-2&prefix=runs/${running.id}/`,
      },
    });
    expect(byLedger.text).toBe(`deploying: planning (${running.id})`);
    expect(byLedger.deployment).toMatchObject({ phase: "planning", leaseAgeSeconds: null });
  });

  it("says that it is being launched while nobody has claimed it", () => {
    const launched = aDeployment({ state: "launching", endedAt: null });

    const shown = imageIn(view({ ledger: aLedger({ deployments: { [launched.id]: launched } }) }));

    expect(shown.text).toBe(`deploying: launching (${launched.id})`);
  });

  it.each([
    ["rolling", "refreshing"],
    ["rolling-back", "rolling-back"],
  ] as const)("says how far a refresh is that is %s", (stage, phase) => {
    const group = { intentUntil: AT, refreshId: "r-1", status: "InProgress", reason: null };
    const groups = { one: { ...group, percentage: 50 }, two: { ...group, percentage: null } };
    const failure = { code: "x", message: "y", hint: null };
    const refresh = { stage, groups, previousDigest: digest("c"), since: AT, failure } as never;
    const going = aDeployment({ image: "dga-web", kind: "instance-refresh", state: "running", endedAt: null, refresh });

    const shown = imageIn(view({ ledger: aLedger({ deployments: { [going.id]: going } }) }), "dga-web");

    expect(shown.deployment).toMatchObject({ phase, progress: "0%", logUrl: expect.stringContaining("id=one") });
  });

  it("has no log before it is launched, and stands where somebody who looked further says", () => {
    const waiting = aDeployment({ state: "waiting", endedAt: null, launchedAt: null });
    const ledger = aLedger({ deployments: { [waiting.id]: waiting } });
    const reason: Reason = { kind: "waiting-group", because: "an instance is still there" };

    const shown = imageIn(view({ ledger, reasons: { "dga-network": reason } }));

    expect(shown).toMatchObject({ standing: "waiting", text: "waiting: an instance is still there" });
    expect(shown.deployment?.logUrl).toBeNull();
    expect(imageIn(view({ ledger, reasons: {} })).reason).toEqual({ kind: "no-head" });
    const deploying: Reason = { kind: "deploying", deployment: idOf(9), phase: "launching", progress: null };
    expect(imageIn(view({ reasons: { "dga-network": deploying } })).reason).toEqual(deploying);
  });

  const stopped = { outcome: "failed", attempts: 1, of: 1 } as const;
  it.each<readonly [Reason, string]>([
    [{ kind: "live" }, "live"],
    [{ kind: "blocked", deployment: idOf(1), outcome: "unknown" }, "blocked"],
    [{ kind: "quarantined", ...stopped }, "failed"],
    [{ kind: "held", digest: null, request }, "held"],
    [{ kind: "paused", request }, "waiting"],
    [{ kind: "ready" }, "waiting"],
    [{ kind: "unreadable", what: "its head" }, "waiting"],
    [{ kind: "waiting-window", opensAt: null, freeze: null }, "waiting"],
    [{ kind: "waiting-dependency", on: "dga-web", because: null }, "waiting"],
    [{ kind: "waiting-turn", behind: "dga-web" }, "waiting"],
    [{ kind: "waiting-retry", notBefore: AT, outcome: "lost", attempt: 2, of: 4 }, "waiting"],
  ])("with the reason %j stands %s", (reason, standing) => {
    expect(imageIn(view({ reasons: { "dga-network": reason } })).standing).toBe(standing);
  });
});

describe("the last failure of an image", () => {
  const failed = aDeployment({
    id: idOf(7),
    state: "failed",
    failure: { code: "apply-failed", message: "no quota", hint: "ask for more" },
  });
  const attempts = {
    digest: digest("a"),
    failed: 1,
    interrupted: 0,
    cancelled: false,
    notBefore: null,
    last: { deployment: failed.id, outcome: "failed" },
  } as const;

  it("is told with its links where its record is known, from the ledger or from the history", () => {
    const report = { check: { id: 12 }, issue: { id: 5 } } as never;
    const image = anImage({ attempts });
    const ledger = aLedger({ images: { "dga-network": image }, reports: { [failed.id]: report } });

    const fromHistory = imageIn(view({ ledger, ended: [failed] }));
    const fromLedger = imageIn(view({ ledger: { ...ledger, deployments: { [failed.id]: failed } } }));

    expect(fromHistory.failure).toEqual({
      deployment: failed.id,
      outcome: "failed",
      at: failed.endedAt,
      code: "apply-failed",
      message: "no quota",
      hint: "ask for more",
      links: {
        check: "https://github.com/AusDTO/dga-network/runs/12",
        issue: "https://github.com/AusDTO/dga-network/issues/5",
        commit: `https://github.com/AusDTO/dga-network/commit/${commit("a")}`,
        log: `${CONSOLE}/s3/buckets/${BUCKET}?region=ap-southeast-2&prefix=runs/${failed.id}/`,
      },
    });
    expect(fromLedger.failure).toEqual(fromHistory.failure);
  });

  it("is told with what the image's record says where its own was not read", () => {
    const issue = { number: 9, deployment: failed.id };
    const image = anImage({ attempts, shown: { repository: "dga-network", issue, active: null } });

    const { failure } = imageIn(view({ ledger: aLedger({ images: { "dga-network": image } }) }));

    expect(failure).toMatchObject({
      deployment: failed.id,
      outcome: "failed",
      at: null,
      message: null,
      links: { check: null, issue: "https://github.com/AusDTO/dga-network/issues/9", commit: null },
    });
    expect(failure?.links.log).toContain(`prefix=runs/${failed.id}/`);
  });

  it("is the one that blocks it, and has no log where a group is not known", () => {
    const block = { deployment: idOf(8), outcome: "unknown", at: AT } as const;
    const ledger = aLedger({ images: { "dga-web": anImage({ attempts, block }) } });

    const { failure } = imageIn(view({ ledger, slice: sliceOf("") }), "dga-web");

    expect(failure).toMatchObject({ deployment: idOf(8), outcome: "unknown", at: AT });
    expect(failure?.links).toEqual({ check: null, issue: null, commit: null, log: null });
  });

  it("says nothing of a reason that its record does not have", () => {
    const lost = { ...failed, state: "lost" as const, failure: null, launchedAt: null };
    const ledger = aLedger({ images: { "dga-network": anImage({ attempts }) } });

    expect(imageIn(view({ ledger, ended: [lost] })).failure).toMatchObject({
      code: null,
      message: null,
      hint: null,
      links: { log: null },
    });
  });
});

describe("runsToRead", () => {
  it("names the runs that an instance works on", () => {
    const one = aDeployment({ id: idOf(1), state: "running", endedAt: null });
    const two = aDeployment({ id: idOf(2), state: "launching", endedAt: null, image: "dga-site" });
    const refresh = aDeployment({ id: idOf(3), state: "running", endedAt: null, kind: "instance-refresh" });
    const ended = aDeployment({ id: idOf(4) });
    const deployments = Object.fromEntries([one, two, refresh, ended].map((each) => [each.id, each]));

    expect(runsToRead(aLedger({ deployments }))).toEqual([one.id, two.id]);
  });
});

it("sees in the ledger of any tick what that tick said of every image", () => {
  const observation = {
    heads: { "dga-network": { kind: "head", head: { digest: digest("a"), commit: null, pushedAt: null } } },
    group: { kind: "group", desired: 0, instances: [], suspendedProcesses: [], deploymentTag: null },
    controls: NONE,
    runs: {},
    instances: {},
    launchFailures: [],
    groups: {},
    refreshes: {},
  } as const;
  const { ledger, reasons } = planTick(aLedger(), observation, sliceOf(), NOW);

  const { images } = viewArea({ slice: sliceOf(), ledger, controls: NONE, now: NOW });

  expect(scope.area).toBe(ledger.area);
  expect(Object.fromEntries(images.map(({ image, reason }) => [image, reason]))).toEqual(reasons);
});
