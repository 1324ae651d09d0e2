import type { DeploymentId } from "@windlass/deployment";
import { expect, it } from "vitest";
import type {
  ActView,
  BoardEvent,
  BoardHistory,
  BoardMeasures,
  DeploymentView,
  RunEvent,
} from "../../src/board/board-api.ts";
import { openAwsIn } from "../areas/open-areas.ts";
import { enter } from "./board-client.ts";
import { openBoard } from "./open-board.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const HOLD = { area: "production", command: "hold", image: "dga-network", reason: "an audit", id: "mine" };

async function nextOf<T>(events: AsyncGenerator<T>): Promise<T> {
  const { value, done } = await events.next();
  if (done === true) throw new Error("the stream has ended");
  return value;
}

/** The next event in which something is otherwise. */
async function nextChange(events: AsyncGenerator<BoardEvent>): Promise<BoardEvent> {
  for (;;) {
    const event = await nextOf(events);
    if (event.areas.length > 0) return event;
  }
}

it("tells a page everything, and then what changes, area by area", async () => {
  const board = await openBoard();
  const { follow } = await enter(board);
  const events = follow<BoardEvent>("/api/events");

  const first = await nextOf(events);
  board.push("dga-network", "staging", A);
  await board.tick("staging");
  const second = await nextChange(events);

  expect(first).toMatchObject({ workload: "dataGov", order: ["staging", "production"], guarded: ["production"] });
  expect(first.areas.map(({ area }) => area)).toEqual(["staging", "production"]);
  expect(second.areas).toMatchObject([
    { kind: "area", area: "staging", images: [{ image: "dga-network", standing: "deploying" }, {}, {}] },
  ]);
});

it("reads the areas once for all pages, and not at all when the last has gone", async () => {
  const board = await openBoard();
  const { follow } = await enter(board);
  const [one, other] = [follow<BoardEvent>("/api/events"), follow<BoardEvent>("/api/events")];
  await nextOf(one);
  await nextOf(other);
  const readsOf = () => board.callsOf("333333333333").filter(({ action }) => action === "GetCallerIdentity").length;
  expect(readsOf()).toBe(1);

  await one.return(undefined);
  await other.return(undefined);
  // A page that comes again is told everything again: nobody had looked meanwhile.
  const again = follow<BoardEvent>("/api/events");

  expect((await nextOf(again)).areas).toHaveLength(2);
});

it("shows the other areas where one can not be looked at", async () => {
  const board = await openBoard({
    openAws: (asked) => {
      if (asked.profile === "production") throw Object.assign(new Error("none"), { name: "CredentialsProviderError" });
      return openAwsIn(board.sandbox, board.mapping)(asked);
    },
  });
  const { follow, read } = await enter(board);

  expect((await nextOf(follow<BoardEvent>("/api/events"))).areas).toMatchObject([
    { kind: "area", area: "staging" },
    { kind: "unreadable", area: "production", error: { message: "none" } },
  ]);
  expect((await read<BoardHistory>("/api/history")).areas).toMatchObject([
    { kind: "history", area: "staging" },
    { kind: "unreadable", area: "production" },
  ]);
});

it("lists the history by the same filters as the command line, and measures it", async () => {
  const board = await openBoard();
  const { read, get } = await enter(board);
  board.push("dga-network", "staging", A);
  const first = await board.deploy("staging");
  board.push("dga-network", "staging", B);
  const failed = {
    outcome: "failed" as const,
    exitCode: 1,
    steps: [{ step: "apply" as const, exitCode: 1, seconds: 1 }],
  };
  const second = await board.deploy("staging", failed);
  await board.clock.advance(1_000);

  const listed = await read<BoardHistory>("/api/history?area=staging");
  const good = await read<BoardHistory>("/api/history?area=staging&outcome=succeeded&image=dga-network");
  const measured = await read<BoardMeasures>("/api/measures?days=7");

  expect(listed.areas).toMatchObject([{ deployments: [{ deployment: second }, { deployment: first }] }]);
  expect(good.areas).toMatchObject([{ deployments: [{ deployment: first }] }]);
  expect(measured.areas).toMatchObject([
    { area: "staging", measures: { frequency: { succeeded: 1 }, failures: { ended: 2, failed: 1 } } },
    { area: "production", measures: { frequency: { succeeded: 0 } } },
  ]);
  for (const path of ["/api/history?outcome=fine", "/api/history?limit=x", "/api/measures?days=0"]) {
    expect(await get(path)).toMatchObject({ status: 400 });
  }
});

it("shows one deployment, and follows what it prints to its end", async () => {
  const board = await openBoard();
  const { read, follow, get } = await enter(board);
  board.push("dga-network", "staging", A);
  const { launched } = await board.tick("staging");
  const deployment = launched[0] as DeploymentId;
  await board.clock.advance(60_000);
  const runner = await board.runner("staging", deployment);
  await runner.claim();
  await runner.phase("applying", "0/2");
  await runner.log("apply", "a: Creating...\n");
  const events = follow<RunEvent>(`/api/areas/staging/deployments/${deployment}/events`);

  expect(await nextOf(events)).toMatchObject({ kind: "state", text: "applying" });
  expect(await nextOf(events)).toMatchObject({ kind: "log", step: "apply", text: "a: Creating...\n" });
  await runner.log("apply", "a: Created\n");
  expect(await nextOf(events)).toMatchObject({ kind: "log", text: "a: Created\n" });
  await runner.finish();
  expect(await nextOf(events)).toMatchObject({ kind: "end", outcome: "succeeded", taken: false });
  expect(await events.next()).toMatchObject({ done: true });
  const shown = await read<DeploymentView>(`/api/areas/staging/deployments/${deployment}`);
  expect(shown).toMatchObject({ deployment, area: "staging", untaken: "succeeded" });
  expect(await get("/api/areas/staging/deployments/20260101t000000z-1")).toMatchObject({ status: 404 });
  expect(await get("/api/areas/nowhere/deployments/20260101t000000z-1")).toMatchObject({ status: 404 });
});

it("says of an image what every rule says", async () => {
  const { read, get } = await enter(await openBoard());

  const { rules } = await read<{ rules: { rule: string; kind: string }[] }>(
    "/api/areas/production/images/dga-network/rules",
  );

  expect(rules.find(({ kind }) => kind === "stops")).toMatchObject({ rule: "head" });
  expect(JSON.parse((await get("/api/areas/production/images/dga-netwrk/rules")).text)).toMatchObject({
    error: { code: "unknown-image", hint: expect.stringContaining("dga-network") },
  });
});

it("previews what a person asks for, sends it once, and a tick does it", async () => {
  const board = await openBoard();
  const { post, follow } = await enter(board);
  const digest = board.push("dga-network", "production", A);
  await board.deploy("production");
  board.push("dga-network", "production", B);
  await board.deploy("production");
  const events = follow<BoardEvent>("/api/events");
  await nextOf(events);
  const wish = { ...HOLD, commit: "aaaaaaa" };

  const preview = JSON.parse((await post("/api/preview", wish)).text) as ActView;
  expect(preview).toMatchObject({ kind: "planned", begins: [{ image: "dga-network", digest }] });
  expect((await board.ledger("production")).images["dga-network"]?.hold).toBeNull();

  const sent = [await post("/api/controls", wish), await post("/api/controls", wish)];
  expect(sent.map(({ status }) => status)).toEqual([200, 200]);
  expect(JSON.parse(sent[0]?.text ?? "")).toMatchObject({ kind: "sent", control: { by: "operator/kim", id: "mine" } });
  const waiting = { controls: { waiting: [{ id: "mine", kind: "hold", by: "operator/kim", reason: "an audit" }] } };
  expect((await nextChange(events)).areas).toMatchObject([{ area: "production", ...waiting }]);

  await board.tick("production");
  expect((await board.ledger("production")).images["dga-network"]?.hold).toMatchObject({ digest });
});

it("says what is wrong with a wish, and sends nothing", async () => {
  const board = await openBoard();
  const { post } = await enter(board);

  const answers = await Promise.all([
    post("/api/controls", { ...HOLD, reason: " " }),
    post("/api/controls", { ...HOLD, image: "dga-netwrk" }),
    post("/api/controls", { ...HOLD, area: "produktion" }),
    post("/api/controls", { ...HOLD, command: "destroy" }),
    post("/api/controls", { ...HOLD, image: null }),
    post("/api/controls", { ...HOLD, reason: "x".repeat(100_000) }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([400, 404, 404, 400, 400, 413]);
  expect(await board.store("production").listControls()).toEqual({ kind: "controls", controls: [] });
});

it("forgets an area that it could not look at, and looks at it anew", async () => {
  let broken = true;
  const board = await openBoard({
    openAws: (asked) => {
      if (broken && asked.profile === "staging")
        throw Object.assign(new Error("none"), { name: "CredentialsProviderError" });
      return openAwsIn(board.sandbox, board.mapping)(asked);
    },
  });
  const { follow } = await enter(board);
  const events = follow<BoardEvent>("/api/events");
  expect((await nextOf(events)).areas[0]).toMatchObject({ area: "staging", kind: "unreadable" });

  broken = false;

  expect((await nextChange(events)).areas).toMatchObject([{ area: "staging", kind: "area" }]);
});
