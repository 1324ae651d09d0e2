import type { AccountMapping } from "@windlass/account-mapping";
import { measureDelivery } from "@windlass/area-view";
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import * as z from "zod";
import { planAct } from "../act/act.ts";
import type { ActView } from "../act/act-view.ts";
import { sendControl } from "../act/send-control.ts";
import { CliError, exitCodeOf } from "../cli-error.ts";
import type { CliWorld } from "../cli-world.ts";
import { exitCode } from "../exit-code.ts";
import { readExplanation } from "../explain.ts";
import { findInArea } from "../find-deployment.ts";
import { followRun } from "../follow-run.ts";
import { filterOf, readAreaHistory } from "../history.ts";
import { STEPS } from "../logs.ts";
import type { OpenArea } from "../open-area.ts";
import type { AreaOpener } from "../open-areas.ts";
import { readHistory } from "../read-history.ts";
import { chooseAreas, requireArea, requireImage } from "../require-name.ts";
import { readDeployment } from "../show.ts";
import { type ShownError, showError } from "../show-error.ts";
import type { BoardAreaHistory, BoardAreaMeasures, BoardHistory, BoardMeasures, BoardWish } from "./board-api.ts";
import type { BoardFeed } from "./board-feed.ts";

export interface BoardRoutesOptions {
  readonly world: CliWorld;
  readonly mapping: AccountMapping;
  readonly opener: AreaOpener;
  readonly feed: BoardFeed;
}

const wishSchema = z.strictObject({
  area: z.string(),
  command: z.enum(["hold", "unhold", "rollback", "retry", "unblock", "cancel", "deploy-now", "pause", "resume"]),
  image: z.string().nullable(),
  reason: z.string().max(1000),
  digest: z.string().optional(),
  commit: z.string().optional(),
  id: z.string(),
});

/** Everything under `/api/`; see `board-api.ts`. */
export function createBoardRoutes(options: BoardRoutesOptions): Hono {
  const routes = new Hono();
  routes.onError((error, context) => context.json({ error: showError(error) }, statusOf(error)));
  addReading(routes, options);
  addFollowing(routes, options);
  addActing(routes, options);
  routes.all("*", (context) => {
    const error = new CliError({ code: "board-refused", message: "there is nothing here", found: context.req.path });
    return context.json({ error: showError(error) }, 404);
  });
  return routes;
}

function addReading(routes: Hono, { world, mapping, opener }: BoardRoutesOptions): void {
  routes.get("/history", async (context) => {
    const { area: names = [], outcome } = context.req.queries();
    const { image, version: commit, since, until, limit = "50" } = context.req.query();
    const filter = filterOf({ limit, ...defined({ image, outcome, commit, since, until }) });
    const areas = await forAreas<BoardAreaHistory>(options(names), async (open) => {
      const { area, deployments } = await readAreaHistory(open, filter);
      return { kind: "history", area, deployments };
    });
    return context.json({ areas } satisfies BoardHistory);
  });
  routes.get("/measures", async (context) => {
    const days = daysOf(context.req.query("days") ?? "30");
    const to = world.now();
    const from = new Date(to.getTime() - days * DAY_MS);
    const areas = await forAreas<BoardAreaMeasures>(options([]), async (open) => {
      const { store, scope } = open;
      const read = await open.attempt(() => store.readLedger(scope));
      // What has just ended may be in the ledger alone.
      const ledger = read.kind === "ledger" ? read.ledger : null;
      const measures = measureDelivery(await readHistory(open, { filter: {}, ledger }), { from, to });
      return { kind: "measures", area: open.name, measures };
    });
    return context.json({ areas } satisfies BoardMeasures);
  });
  routes.get("/areas/:area/images/:image/rules", async (context) => {
    const open = await opener.open(requireArea(mapping, context.req.param("area")).name);
    const image = context.req.param("image");
    requireImage(mapping, image);
    return context.json(await readExplanation(world, open, { image, heads: "ledger" }));
  });
  routes.get("/areas/:area/deployments/:deployment", async (context) => {
    const open = await opener.open(requireArea(mapping, context.req.param("area")).name);
    return context.json(await readDeployment(await findInArea(open, context.req.param("deployment"))));
  });
  const options = (names: readonly string[]) => ({ names, mapping, opener });
}

function addFollowing(routes: Hono, { world, mapping, opener, feed }: BoardRoutesOptions): void {
  routes.get("/events", (context) =>
    streamSSE(context, async (stream) => {
      const left = leftOf(context, stream);
      for await (const event of feed.follow(left)) {
        await stream.writeSSE({ event: "board", data: JSON.stringify(event) });
      }
    }),
  );
  routes.get("/areas/:area/deployments/:deployment/events", async (context) => {
    const open = await opener.open(requireArea(mapping, context.req.param("area")).name);
    const found = await findInArea(open, context.req.param("deployment"));
    return streamSSE(context, async (stream) => {
      const interrupted = AbortSignal.any([world.interrupted, leftOf(context, stream)]);
      for await (const event of followRun({ ...world, interrupted }, found, STEPS)) {
        await stream.writeSSE({ event: "run", data: JSON.stringify(event) });
      }
    });
  });
}

function addActing(routes: Hono, options: BoardRoutesOptions): void {
  routes.post("/preview", async (context) => context.json((await planWish(options, context)).view));
  routes.post("/controls", async (context) => {
    const { open, view } = await planWish(options, context);
    if (view.kind === "nothing-to-do") return context.json(view);
    const control = await sendControl(open, view.control);
    options.feed.hurry();
    return context.json({ ...view, kind: "sent", control } satisfies ActView);
  });
}

async function planWish(
  { world, mapping, opener }: BoardRoutesOptions,
  context: Context,
): Promise<{ readonly open: OpenArea; readonly view: ActView }> {
  const wish = parseWish(await context.req.text());
  const { name } = requireArea(mapping, wish.area);
  const isOfArea = wish.command === "pause" || wish.command === "resume";
  if (isOfArea !== (wish.image === null)) throw wrongSubject(wish, isOfArea);
  if (wish.image !== null) requireImage(mapping, wish.image);
  const open = await opener.open(name);
  const { view } = await planAct(world, open, wish);
  return { open, view };
}

function wrongSubject({ command, image }: BoardWish, isOfArea: boolean): CliError {
  return new CliError({
    code: "options-wrong",
    message: `${command} is about ${isOfArea ? "a whole area" : "one image"}`,
    expected: isOfArea ? "image null" : "the name of an image",
    found: JSON.stringify(image),
  });
}

function parseWish(text: string): BoardWish {
  try {
    return wishSchema.parse(JSON.parse(text)) as BoardWish;
  } catch (error) {
    const found = error instanceof z.ZodError ? z.prettifyError(error) : "no JSON";
    throw new CliError({ code: "options-wrong", message: "the request is no wish", found, cause: error });
  }
}

interface AreasToRead {
  /** Empty: all. */
  readonly names: readonly string[];
  readonly mapping: AccountMapping;
  readonly opener: AreaOpener;
}

type UnreadableArea = { readonly kind: "unreadable"; readonly area: string; readonly error: ShownError };

/** One area that can not be looked at keeps none of the others from being shown. */
async function forAreas<T>(
  { names, mapping, opener }: AreasToRead,
  read: (open: OpenArea) => Promise<T>,
): Promise<(T | UnreadableArea)[]> {
  const chosen = names.length === 0 ? chooseAreas(mapping, undefined) : names.map((name) => requireArea(mapping, name));
  return Promise.all(
    chosen.map(async ({ name }) => {
      try {
        return await read(await opener.open(name));
      } catch (error) {
        opener.forget(name);
        return { kind: "unreadable", area: name, error: showError(error) } as const;
      }
    }),
  );
}

/** Ends when the page is gone. */
function leftOf(context: Context, stream: { onAbort(listener: () => void): void }): AbortSignal {
  const left = new AbortController();
  stream.onAbort(() => left.abort());
  return AbortSignal.any([left.signal, context.req.raw.signal]);
}

function statusOf(error: unknown): 400 | 404 | 502 | 500 {
  if (!(error instanceof CliError)) return 500;
  switch (exitCodeOf(error)) {
    case exitCode.notFound:
      return 404;
    case exitCode.noAccess:
      return 502;
    default:
      return 400;
  }
}

const DAY_MS = 24 * 60 * 60_000;
const MOST_DAYS = 366;

function daysOf(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days > 0 && days <= MOST_DAYS) return days;
  throw new CliError({
    code: "options-wrong",
    message: "days is no number of days",
    expected: `1 to ${MOST_DAYS}`,
    found: JSON.stringify(text),
  });
}

/** Without what was not given. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== "")) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
