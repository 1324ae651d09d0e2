import type { AccountMapping, ResolvedArea } from "@windlass/account-mapping";
import { type AreaView, type PromotionView, viewPromotion } from "@windlass/area-view";
import { toInstant } from "@windlass/deployment";
import type { AreaOptions } from "./area-options.ts";
import { CliError, exitCodeOf } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { formatStatus } from "./format-status.ts";
import { type AreaOpener, createAreaOpener } from "./open-areas.ts";
import { openMapping } from "./open-mapping.ts";
import { printJson } from "./print-json.ts";
import { readArea } from "./read-area.ts";
import { chooseAreas, requireImage } from "./require-name.ts";
import { type ShownError, showError } from "./show-error.ts";

export interface StatusOptions extends AreaOptions {
  readonly area?: string;
  readonly image?: string;
}

/** What `windlass status --json` prints. */
export interface StatusView {
  readonly at: string;
  readonly workload: string;
  /** In the mapping's order. */
  readonly areas: readonly AreaStatus[];
  /** Between neighbours that could both be read. */
  readonly promotion: readonly PromotionView[];
}

export type AreaStatus =
  | ({ readonly kind: "area" } & AreaView)
  | {
      readonly kind: "unreadable";
      readonly area: string;
      readonly account: string;
      readonly region: string;
      readonly error: ShownError;
    };

/** `windlass status`: 0, or 5 where one of the areas can not be looked at. */
export async function showStatus(world: CliWorld, options: StatusOptions): Promise<number> {
  const mapping = openMapping(world, options);
  if (options.image !== undefined) requireImage(mapping, options.image);
  const status = await readStatus(world, mapping, options);
  if (options.json === true) printJson(world, status);
  else world.write(formatStatus(status, world));
  const unreadable = status.areas.flatMap((area) => (area.kind === "unreadable" ? [area.error] : []));
  for (const { text } of unreadable) world.writeError(`${text}\n`);
  return unreadable.length === 0 ? exitCode.ok : exitCode.noAccess;
}

/** All areas that are meant, at once; one that can not be looked at keeps none of the others from being shown. */
export async function readStatus(
  world: CliWorld,
  mapping: AccountMapping,
  options: StatusOptions,
): Promise<StatusView> {
  return createStatusReader(world, mapping, { ...options, opener: createAreaOpener(world, mapping, options) })();
}

export interface StatusReaderOptions extends Pick<StatusOptions, "area" | "image"> {
  readonly opener: AreaOpener;
}

/** The same again and again, with areas that stay open. */
export function createStatusReader(
  world: CliWorld,
  mapping: AccountMapping,
  { opener, ...options }: StatusReaderOptions,
): () => Promise<StatusView> {
  const chosen = chooseAreas(mapping, options.area);

  async function readOne({ name, area }: ResolvedArea): Promise<AreaStatus> {
    try {
      const { view } = await readArea(await opener.open(name), { now: world.now() });
      return { kind: "area", ...withImage(view, options.image) };
    } catch (error) {
      opener.forget(name);
      // A mistake of the person's is no trouble of the area's.
      if (error instanceof CliError && exitCodeOf(error) !== exitCode.noAccess) throw error;
      return { kind: "unreadable", area: name, account: area.account, region: area.region, error: showError(error) };
    }
  }

  return async () => {
    const areas = await Promise.all(chosen.map(readOne));
    const views = areas.flatMap((area) => (area.kind === "area" ? [{ view: area, ended: [] }] : []));
    const at = toInstant(world.now());
    return { at, workload: mapping.workload, areas, promotion: viewPromotion(views) };
  };
}

function withImage(view: AreaView, image: string | undefined): AreaView {
  return image === undefined ? view : { ...view, images: view.images.filter((one) => one.image === image) };
}
