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
import { makeWish, type WishOptions } from "./make-wish.ts";
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
  const { digest, commit, reason, id } = options;
  const planned = await planAct(world, open, { command, image, digest, commit, reason, id });
  const guarded = isGuarded(mapping, name);
  const view = await carryOut({ world, open, planned, options, timeoutSeconds, guarded });
  if (options.json === true) printJson(world, view);
  else world.write(formatAct(view, planned.what));
  return exitCodeOf(view);
}

export interface ActToPlan extends Act, WishOptions {
  readonly reason: string;
  readonly id?: string | undefined;
}

export interface PlannedAct {
  /** `planned`, or `nothing-to-do`. */
  readonly view: ActView;
  /** The same in words. */
  readonly what: string;
  /** The area as it is without it. */
  readonly before: AreaReading;
}

/** What an act would do; nothing is sent. Throws `CliError`. */
export async function planAct(
  world: Pick<CliWorld, "now">,
  open: OpenArea,
  { command, image, reason, id, ...options }: ActToPlan,
): Promise<PlannedAct> {
  const before = await readArea(open, { now: world.now() });
  const wanted = await makeWish(open, { command, image, options, ledger: before.ledger });
  const request = { ...wanted.wish, reason, ...(id === undefined ? {} : { id }) };
  const control = makeControl(open, request, world.now());
  const what = describeControl(control, { area: open.name, version: wanted.version });
  const preview = previewOf(world, open, { reading: before, control });
  const view = { area: open.name, control, because: wanted.because, ...consequencesOf(preview), changes: [] };
  return preview.kind === "without-effect"
    ? { view: { ...view, kind: "nothing-to-do", because: preview.because }, what, before }
    : { view: { ...view, kind: "planned" }, what, before };
}

interface Undertaking {
  readonly world: CliWorld;
  readonly open: OpenArea;
  readonly planned: PlannedAct;
  readonly options: ActOptions;
  readonly timeoutSeconds: number;
  readonly guarded: boolean;
}

async function carryOut(undertaking: Undertaking): Promise<ActView> {
  const { world, open, planned, options, guarded, timeoutSeconds } = undertaking;
  const { view, what, before } = planned;
  if (view.kind === "nothing-to-do" || options.dryRun === true) return view;
  const question = formatQuestion(view, what);
  const confirmed = await confirm(world, { guarded, yes: options.yes === true, question });
  if (!confirmed) return { ...view, kind: "declined" };
  const control = await sendControl(open, view.control);
  if (options.wait !== true) return { ...view, kind: "sent" };
  if (options.json !== true) world.writeError("Waiting for the tick that takes it ...\n");
  const awaited = { control, image: imageOf(control), before: before.view, timeoutSeconds };
  return { ...view, ...(await waitForTick(world, open, awaited)) };
}

interface Previewed {
  readonly reading: AreaReading;
  readonly control: Control;
}

function previewOf(world: Pick<CliWorld, "now">, open: OpenArea, { reading, control }: Previewed): ControlPreview {
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
