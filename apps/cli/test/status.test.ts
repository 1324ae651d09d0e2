import { describe, expect, it } from "vitest";
import type { StatusView } from "../src/status.ts";
import { areasText, openAreas } from "./areas/open-areas.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const WIDE = { interactive: true, columns: 120 };
const CLOSED = areasText({ production: "freezes: [{ from: 2026-11-20, to: 2026-12-01, reason: audit }]" });

async function statusOf(areas: ReturnType<typeof openAreas>, ...args: readonly string[]): Promise<StatusView> {
  const { out, code, error } = await areas.run("status", "--json", ...args);
  expect({ code, error }).toEqual({ code: 0, error: "" });
  return JSON.parse(out) as StatusView;
}

describe("windlass status", () => {
  it("shows the areas side by side: live, wanted, and why it is not live", async () => {
    const areas = openAreas({ mapping: CLOSED, terminal: WIDE, env: { NO_COLOR: "1" } });
    areas.push("dga-network", "staging", A);
    await areas.deploy("staging");
    areas.promote("dga-network", "staging", "production");
    await areas.tick("production");

    const { code, out, error } = await areas.run("status");

    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toBe(`staging      333333333333  open  changed 1m ago
production   444444444444 (sts-production)  closed until 2026-12-02T09:00+11:00 (freeze: audit)  changed 0s ago

image        staging       production
dga-network  = aaaaaaa 1m  . nothing -> aaaaaaa
dga-site     -             -
dga-web      -             -

What is not live, and why
  production dga-network  waiting: window opens 2026-12-02T09:00+11:00 (freeze: audit)

In staging, not in production yet
  dga-network  aaaaaaa (production has nothing)  production: waiting: window opens 2026-12-02T09:00+11:00 (freeze: audit)
`);
  });

  it("colours what it shows on a terminal, and only there", async () => {
    const areas = openAreas({ terminal: WIDE });
    areas.push("dga-network", "staging", A);
    await areas.deploy("staging");

    const { out } = await areas.run("status");

    expect(out).toContain("\u001b[32m= aaaaaaa 0s\u001b[39m");
    const plain = await areas.runWith({ terminal: { interactive: false, columns: 80 } }, "status");
    expect(plain.out).not.toContain("\u001b");
    expect(plain.out.split("\n")[0]?.split("\t").slice(0, 4)).toEqual(["staging", "dga-network", "live", A]);
  });

  it("says which commits are in one area and not in the next", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);
    await areas.deploy("staging");
    areas.promote("dga-network", "staging", "production");
    await areas.deploy("production");
    areas.push("dga-network", "staging", B);
    await areas.deploy("staging");

    const { promotion } = await statusOf(areas, "--image", "dga-network");

    expect(promotion).toMatchObject([
      {
        from: "staging",
        to: "production",
        images: [{ image: "dga-network", kind: "ahead", from: { commit: B }, to: { commit: A }, released: false }],
      },
    ]);
    expect(promotion[0]?.images[0]?.versions.map(({ commit }) => commit)).toEqual([B]);
  });

  it("shows how far a run is now, not at the last tick", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);
    const { launched } = await areas.tick("staging");
    await areas.clock.advance(30_000);
    const runner = await areas.runner("staging", launched[0]!);
    await runner.claim();
    await runner.phase("applying", "12/40");
    await areas.clock.advance(7_000);

    const {
      areas: [staging],
    } = await statusOf(areas, "--area", "staging", "--image", "dga-network");

    expect(staging).toMatchObject({
      kind: "area",
      images: [
        {
          standing: "deploying",
          text: `deploying: applying 12/40 (${launched[0]})`,
          deployment: { phase: "applying", progress: "12/40", leaseAgeSeconds: 7 },
        },
      ],
    });
  });

  it("shows what people asked for while no tick has taken it, and says so when none seems to come", async () => {
    const areas = openAreas();
    await areas.control("staging", { kind: "retry", image: "dga-web" });
    await areas.clock.advance(25 * 60_000);

    const {
      areas: [staging],
    } = await statusOf(areas, "--area", "staging");

    expect(staging).toMatchObject({
      ledger: null,
      controls: { waiting: [{ kind: "retry", image: "dga-web", by: "kim", reason: "a test" }], overdue: true },
    });
  });

  it("shows the other areas where one can not be looked at, says why, and ends with 5", async () => {
    const areas = openAreas();
    areas.sandbox.account("444444444444").s3.deny({ role: "operator", prefix: "", actions: ["GetObject"] });

    const { code, out, error } = await areas.run("status", "--json");

    expect(code).toBe(5);
    expect(error).toMatch(
      /^production \(profile production\): .*ledger\.json: access was denied.*\(no-permission\)\. Hint: ask for a role/,
    );
    expect(JSON.parse(out).areas).toMatchObject([
      { kind: "area", area: "staging" },
      { kind: "unreadable", area: "production", account: "444444444444", error: { code: "no-permission" } },
    ]);
  });

  it("says which names there are where one is mistyped", async () => {
    const areas = openAreas();

    expect(await areas.run("status", "--area", "prodction")).toEqual({
      code: 3,
      out: "",
      error:
        'there is no area of this name: expected "staging" or "production", found "prodction" (unknown-area). Hint: did you mean "production"?\n',
    });
    expect(await areas.run("status", "--image", "dga-wen")).toMatchObject({
      code: 3,
      error: expect.stringContaining('did you mean "dga-web"?'),
    });
  });
});
