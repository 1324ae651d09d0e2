/**
 * A process that plays the Lambda service for one function: loads the real bundle once, then runs its handler for each
 * message of its parent.
 */
import { type HostReply, type HostRequest, REQUEST_TIMEOUT_MS } from "./lambda-protocol.ts";
import { installShiftedDate } from "./shifted-date.ts";

type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

interface Bundle {
  createHandler(options: object): Handler;
}

/** The sandbox's GitHub needs no pauses between writes. */
const GITHUB_PACE = { writeMs: 0, notifyMs: 0, retryMs: 100 };

const clock = installShiftedDate(0);
const [, , bundlePath = ""] = process.argv;
let handler: Promise<Handler> | undefined;

process.on("message", (request: HostRequest) => {
  clock.setOffset(request.clockOffset);
  // The first call comes after the clock is set, so that the bundle never sees the wrong time.
  handler ??= loadHandler();
  void invoke(handler, request).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));

async function loadHandler(): Promise<Handler> {
  const { createHandler } = (await import(bundlePath)) as Bundle;
  // biome-ignore lint/style/noProcessEnv: it is the function's environment
  return createHandler({ env: process.env, githubPace: GITHUB_PACE });
}

async function invoke(loading: Promise<Handler>, { id, event }: HostRequest): Promise<HostReply> {
  const deadline = performance.now() + REQUEST_TIMEOUT_MS;
  try {
    const handle = await loading;
    const summary = await handle(event, { getRemainingTimeInMillis: () => Math.max(0, deadline - performance.now()) });
    return { id, ok: true, summary };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
