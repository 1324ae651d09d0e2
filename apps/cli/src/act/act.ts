import { durationSeconds } from "@windlass/account-mapping";
import { type Control, type ControlPreview, emptyLedger, previewControl } from "@windlass/deployment";
import type { AreaOptions } from "../area-options.ts";
import { CliError } from "../cli-error.ts";
import type { CliWorld } from "../cli-world.ts";
import { exitCode } from "../exit-code.ts";
import { type OpenArea, openArea } from "../open-area.ts";
import { openMapping } from "../open-mapping.ts";
import { printJson } from "../print-json.ts";
import { type AreaReading, readArea } from "../read-area.ts";
import { requireArea, requireImage } from "../require-name.ts";
import { type ActView, consequencesOf } from "./act-view.ts";
import { confirm, isGuarded } from "./confirm.ts";
import { describeControl, formatAct, formatQuestion } from "./format-act.ts";
import { makeWish, type Wanted, type WishOptions } from "./make-wish.ts";
import { makeControl, sendControl } from "./send-control.ts";
import { waitForTick } from "./wait-for-tick.ts";

export interface ActOptions extends AreaOptions, WishOptions {
  readonly area: string;
  readonly reason: string;
  readonly id?: string;
  readonly wait?: true;
  readonly timeout: string;
  readonly yes?: true;
  readonly dryRun?: true;
}

/** A command that acts, and the image that it is about; null: the whole area. */
export interface Act {
  readonly command: Control["kind"] | "rollback";
  readonly image: string | null;
}

/** Asks an area for something, once: `windlass hold` and its like. The exit codes are in its help. */
export async function act(world: CliWorld, { command, image }: Act, options: ActOptions): Promise<number> {
  const timeoutSeconds = secondsOf(options.timeout);
  const mapping = openMapping(world, options);
  const { name } = requireArea(mapping, options.area);
  if (image !== null) requireImage(mapping, image);
  const open = await openArea(world, { mapping, name, options });
  const reading = await readArea(open, { now: world.now() });
  const wanted = await makeWish(open, { command, image, options, ledger: reading.ledger });
  const request = { ...wanted.wish, reason: options.reason, ...(options.id === undefined ? {} : { id: options.id }) };
  const control = makeControl(open, request, world.now());
  const what = describeControl(control, { area: name, version: wanted.version });
  const view = await carryOut({
    world,
    open,
    reading,
    control,
    wanted,
    options,
    what,
    timeoutSeconds,
    guarded: isGuarded(mapping, name),
  });
  if (options.json === true) printJson(world, view);
  else world.write(formatAct(view, what));
  return exitCodeOf(view);
}

interface Undertaking {
  readonly world: CliWorld;
  readonly open: OpenArea;
  readonly reading: AreaReading;
  readonly control: Control;
  readonly wanted: Wanted;
  readonly options: ActOptions;
  /** In words. */
  readonly what: string;
  readonly timeoutSeconds: number;
  readonly guarded: boolean;
}

async function carryOut(undertaking: Undertaking): Promise<ActView> {
  const { world, open, reading, control, wanted, options, what } = undertaking;
  const preview = previewOf(undertaking);
  const view = { area: open.name, control, because: wanted.because, ...consequencesOf(preview), changes: [] };
  if (preview.kind === "without-effect") return { ...view, kind: "nothing-to-do", because: preview.because };
  if (options.dryRun === true) return { ...view, kind: "planned" };
  const question = formatQuestion({ ...view, kind: "planned" }, what);
  const confirmed = await confirm(world, { guarded: undertaking.guarded, yes: options.yes === true, question });
  if (!confirmed) return { ...view, kind: "declined" };
  await sendControl(open, control);
  if (options.wait !== true) return { ...view, kind: "sent" };
  if (options.json !== true) world.writeError("Waiting for the tick that takes it ...\n");
  const awaited = {
    control,
    image: imageOf(control),
    before: reading.view,
    timeoutSeconds: undertaking.timeoutSeconds,
  };
  return { ...view, ...(await waitForTick(world, open, awaited)) };
}

function previewOf({ world, open, reading, control }: Undertaking): ControlPreview {
  const { ledger, controls } = reading;
  const known = ledger ?? emptyLedger(open.scope, world.now());
  return previewControl({ ledger: known, controls, slice: open.slice, now: world.now() }, control);
}

function imageOf(control: Control): string | null {
  return "image" in control ? control.image : null;
}

function exitCodeOf({ kind }: ActView): number {
  switch (kind) {
    case "declined":
      return exitCode.declined;
    case "not-taken":
      return exitCode.notTaken;
    case "taken":
    case "sent":
    case "planned":
    case "nothing-to-do":
      return exitCode.ok;
  }
}

function secondsOf(text: string): number {
  const seconds = /^(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(text) ? durationSeconds(text) : 0;
  if (seconds > 0) return seconds;
  throw new CliError({
    code: "options-wrong",
    message: "--timeout is no duration",
    expected: "one such as 90s, 20m or 1h30m",
    found: JSON.stringify(text),
  });
}
