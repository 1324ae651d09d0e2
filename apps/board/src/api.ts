/** What the server says, typed by the command line's own source: types alone, no code of it is in the pages. */
import type { BoardEvent, BoardWish, ExplanationView } from "../../cli/src/board/board-api.ts";

export type {
  ActView,
  BoardAreaHistory,
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
export type ImageRules = Pick<ExplanationView, "rules">;
