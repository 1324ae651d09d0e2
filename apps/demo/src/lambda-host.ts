/**
 * A process that plays the Lambda service for one function: loads the real bundle once, then runs its handler for each
 * message of its parent.
 */
import { type HostReply, type HostRequest, REQUEST_TIMEOUT_MS } from "./lambda-protocol.ts";
import { installShiftedDate } from "./shifted-date.ts";

interface Bundle {
  handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<unknown>;
}

const clock = installShiftedDate(0);
const [, , bundlePath = ""] = process.argv;
let bundle: Promise<Bundle> | undefined;

process.on("message", (request: HostRequest) => {
  clock.setOffset(request.clockOffset);
  // The first call comes after the clock is set, so that the bundle never sees the wrong time.
  bundle ??= import(bundlePath) as Promise<Bundle>;
  void invoke(bundle, request).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));

async function invoke(loading: Promise<Bundle>, { id, event }: HostRequest): Promise<HostReply> {
  const deadline = performance.now() + REQUEST_TIMEOUT_MS;
  try {
    const { handler } = await loading;
    const summary = await handler(event, { getRemainingTimeInMillis: () => Math.max(0, deadline - performance.now()) });
    return { id, ok: true, summary };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
