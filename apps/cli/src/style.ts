import type { Standing } from "@windlass/area-view";
import type { CliWorld } from "./cli-world.ts";

/** Colours of text, or none: without a terminal, and where `NO_COLOR` says so. https://no-color.org */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly busy: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
}

const plain = (text: string) => text;
const PLAIN: Style = { bold: plain, dim: plain, good: plain, busy: plain, warn: plain, bad: plain };
const COLOURED: Style = {
  bold: code(1, 22),
  dim: code(2, 22),
  good: code(32, 39),
  busy: code(36, 39),
  warn: code(33, 39),
  bad: code(31, 39),
};

export function styleOf({ terminal, env }: Pick<CliWorld, "terminal" | "env">): Style {
  return terminal.interactive && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb" ? COLOURED : PLAIN;
}

/** How an image stands, in its colour. */
export function standingStyle(style: Style, standing: Standing): (text: string) => string {
  switch (standing) {
    case "live":
      return style.good;
    case "deploying":
      return style.busy;
    case "waiting":
    case "held":
      return style.warn;
    case "failed":
    case "blocked":
      return style.bad;
    case "none":
      return style.dim;
  }
}

/** Select graphic rendition, ECMA-48. */
function code(on: number, off: number): (text: string) => string {
  return (text) => (text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`);
}
