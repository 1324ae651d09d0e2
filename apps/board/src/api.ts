/** What the server says, typed by the command line's own source: types alone, no code of it is in the pages. */
import type { RuleAnswer } from "@windlass/deployment";
import type { BoardEvent, BoardWish } from "../../cli/src/board/board-api.ts";

export type {
  ActView,
  BoardAreaHistory,
  BoardAreaMeasures,
  BoardEvent,
  BoardFailure,
  BoardHistory,
  BoardMeasures,
  BoardWish,
  DeploymentView,
  RunEvent,
} from "../../cli/src/board/board-api.ts";

export type AreaStatus = BoardEvent["areas"][number];
export type ReadableArea = Extract<AreaStatus, { kind: "area" }>;
export type Command = BoardWish["command"];

/** Of an image, as far as the page shows it. */
export interface ImageRules {
  readonly rules: readonly RuleAnswer[];
}
