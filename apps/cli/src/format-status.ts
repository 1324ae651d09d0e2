import type { AreaView, ImageView, PromotedImage, PromotionView, Standing } from "@windlass/area-view";
import type { WindowState } from "@windlass/deployment";
import type { CliWorld } from "./cli-world.ts";
import { type Cell, formatTable } from "./format-table.ts";
import type { AreaStatus, StatusView } from "./status.ts";
import { type Style, standingStyle, styleOf } from "./style.ts";
import { formatAge, formatVersion } from "./words.ts";

type Screen = Pick<CliWorld, "terminal" | "env">;

/** Marks that are told apart without colours, too. */
export const MARKS: Readonly<Record<Standing, string>> = {
  live: "=",
  deploying: ">",
  waiting: ".",
  held: "H",
  failed: "!",
  blocked: "X",
  none: "-",
};

/** The areas side by side for people; a line for each image and area, with tabs, where nobody looks. */
export function formatStatus(status: StatusView, screen: Screen): string {
  const areas = status.areas.filter((area) => area.kind === "area");
  if (!screen.terminal.interactive) return formatLines(areas);
  const style = styleOf(screen);
  const now = new Date(status.at);
  return [
    ...status.areas.map((area) => formatHeading(area, now, style)),
    "\n",
    formatSideBySide(areas, { now, style, screen }),
    ...section(
      "What is not live, and why",
      areas.flatMap((area) => formatReasons(area, style)),
      style,
    ),
    ...section(
      "Asked for, not taken yet",
      areas.flatMap((area) => formatControls(area, now, style)),
      style,
    ),
    ...status.promotion.flatMap((promotion) => section(...formatPromotion(promotion), style)),
  ].join("");
}

function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ["\n", `${style.bold(title)}\n`, ...lines];
}

/** Area, image, standing, live version, since when, head, what it waits for. */
function formatLines(areas: readonly AreaView[]): string {
  const lines = areas.flatMap(({ area, images }) =>
    images.map(({ image, standing, live, head, text }) => {
      const cells = [
        area,
        image,
        standing,
        live?.commit ?? live?.digest,
        live?.since,
        head?.commit ?? head?.digest,
        text,
      ];
      return `${cells.map((cell) => cell ?? "-").join("\t")}\n`;
    }),
  );
  return lines.join("");
}

function formatHeading(area: AreaStatus, now: Date, style: Style): string {
  const name = style.bold(area.area.padEnd(12));
  if (area.kind === "unreadable") return `${name} ${area.account}  ${style.bad("could not be looked at")}\n`;
  const account = area.alias === null ? area.account : `${area.account} (${area.alias})`;
  const parts = [
    account,
    formatWindow(area.window, style),
    area.ledger === null ? style.warn("no tick has run yet") : `changed ${formatAge(area.ledger.changedAt, now)} ago`,
    ...(area.paused === null ? [] : [style.bad(`PAUSED by ${area.paused.by}: ${area.paused.reason}`)]),
  ];
  return `${name} ${parts.join("  ")}\n`;
}

function formatWindow(window: WindowState, style: Style): string {
  if (window.kind === "open") return style.good(`open${window.closesAt === null ? "" : ` until ${window.closesAt}`}`);
  const frozen = window.freeze === null ? "" : ` (freeze: ${window.freeze})`;
  return style.warn(`closed until ${window.opensAt ?? "further notice"}${frozen}`);
}

interface SideBySide {
  readonly now: Date;
  readonly style: Style;
  readonly screen: Screen;
}

function formatSideBySide(areas: readonly AreaView[], { now, style, screen }: SideBySide): string {
  const names = [...new Set(areas.flatMap(({ images }) => images.map(({ image }) => image)))];
  const rows = names.map((name): readonly Cell[] => [
    { text: name },
    ...areas.map(({ images }) =>
      cellOf(
        images.find(({ image }) => image === name),
        now,
        style,
      ),
    ),
  ]);
  return formatTable({ head: ["image", ...areas.map(({ area }) => area)], rows }, screen.terminal, style.bold);
}

/** `= cc83ec5 2h`, or `. cc83ec5 2h -> 91aa001` where something else is wanted. */
function cellOf(image: ImageView | undefined, now: Date, style: Style): Cell {
  if (image === undefined) return { text: "" };
  const { live, standing } = image;
  const wanted = image.deployment ?? image.hold ?? image.head;
  const there = live === null ? "nothing" : `${formatVersion(live)} ${formatAge(live.since, now)}`;
  const isElse = wanted !== null && wanted.digest !== null && wanted.digest !== live?.digest;
  const next = isElse ? ` -> ${formatVersion({ commit: wanted.commit, digest: wanted.digest })}` : "";
  const text = standing === "none" && live === null ? MARKS.none : `${MARKS[standing]} ${there}${next}`;
  return { text, style: standingStyle(style, standing) };
}

const SETTLED: ReadonlySet<Standing> = new Set(["live", "none"]);

function formatReasons({ area, images }: AreaView, style: Style): readonly string[] {
  return images
    .filter(({ standing }) => !SETTLED.has(standing))
    .flatMap(({ image, standing, text, failure }) => {
      const links = [failure?.links.issue, failure?.links.log].filter((link) => link != null);
      return [
        `  ${area} ${style.bold(image)}  ${standingStyle(style, standing)(text)}\n`,
        ...links.map((link) => style.dim(`    ${link}\n`)),
      ];
    });
}

function formatControls({ area, controls }: AreaView, now: Date, style: Style): readonly string[] {
  if (controls.kind === "unreadable") return [`  ${area}  ${style.bad(`controls: ${controls.message}`)}\n`];
  const late = controls.overdue ? [`  ${area}  ${style.bad("no tick takes them: see windlass doctor")}\n`] : [];
  return [
    ...controls.waiting.map(
      ({ kind, image, by, reason, at }) =>
        `  ${area} ${kind} ${image ?? ""} by ${by}, ${formatAge(at, now)} ago: ${reason}\n`,
    ),
    ...controls.invalid.map((key) => `  ${area}  ${style.bad(`${key} is no control`)}\n`),
    ...late,
  ];
}

function formatPromotion({ from, to, images }: PromotionView): readonly [string, readonly string[]] {
  const ahead = images.filter(({ kind }) => kind === "ahead");
  return [`In ${from}, not in ${to} yet`, ahead.map((image) => formatAhead(image, to))];
}

function formatAhead({ image, from, to, released, text }: PromotedImage, area: string): string {
  const version = from === null ? "" : formatVersion(from);
  const before = to === null ? "nothing" : formatVersion(to);
  const next = released ? `${area}: ${text}` : `not released to ${area}`;
  return `  ${image}  ${version} (${area} has ${before})  ${next}\n`;
}
