/**
 * What the board's pages and its server say to each other: types alone, which the pages import as well. Everything is
 * JSON under `/api/`, for whoever has the token; what could not be done is answered as `BoardFailure` with a status of 4xx
 * or 5xx.
 *
 * | request | answer |
 * |---|---|
 * | `GET /api/events` | server-sent events `board`, each a `BoardEvent` |
 * | `GET /api/history?area=&image=&outcome=&version=&since=&until=&limit=` | `BoardHistory`; `area` and `outcome` may come again |
 * | `GET /api/measures?days=30` | `BoardMeasures` |
 * | `GET /api/areas/<area>/images/<image>/rules` | `ExplanationView`: every rule of the last tick's decision |
 * | `GET /api/areas/<area>/deployments/<deployment>` | `DeploymentView` |
 * | `GET /api/areas/<area>/deployments/<deployment>/events` | server-sent events `run`, each a `RunEvent`; ends with `end` |
 * | `POST /api/preview`, `BoardWish` | `ActView` of kind `planned` or `nothing-to-do`; nothing is sent |
 * | `POST /api/controls`, `BoardWish` | `ActView` of kind `sent` or `nothing-to-do` |
 */
import type { DeliveryMeasures, DeploymentSummary } from "@windlass/area-view";
import type { Control } from "@windlass/deployment";
import type { ShownError } from "../show-error.ts";
import type { AreaStatus, StatusView } from "../status.ts";

export type { DeploymentView } from "@windlass/area-view";
export type { ActView } from "../act/act-view.ts";
export type { ExplanationView } from "../explain.ts";
export type { RunEvent } from "../follow-run.ts";

/**
 * The first event of a stream has all areas; each one after it those that are otherwise than they were. One comes with every
 * look, also where that is none: its `at` says how old what is shown may be.
 */
export interface BoardEvent extends StatusView {
  /** In the mapping's order: the lanes. */
  readonly order: readonly string[];
  /** Areas in which actions ask twice. */
  readonly guarded: readonly string[];
  readonly areas: readonly AreaStatus[];
}

/** Request header that a page of another origin can not send; requests that change something must have it. */
export const BOARD_HEADER = "x-windlass-board";

export interface BoardFailure {
  readonly error: ShownError;
}

export interface BoardHistory {
  readonly areas: readonly BoardAreaHistory[];
}

export type BoardAreaHistory =
  | { readonly kind: "history"; readonly area: string; readonly deployments: readonly DeploymentSummary[] }
  | { readonly kind: "unreadable"; readonly area: string; readonly error: ShownError };

export interface BoardMeasures {
  readonly areas: readonly BoardAreaMeasures[];
}

export type BoardAreaMeasures =
  | { readonly kind: "measures"; readonly area: string; readonly measures: DeliveryMeasures }
  | { readonly kind: "unreadable"; readonly area: string; readonly error: ShownError };

/** What a person asks for. */
export interface BoardWish {
  readonly area: string;
  readonly command: Control["kind"] | "rollback";
  /** Null: the whole area. */
  readonly image: string | null;
  readonly reason: string;
  /** Of a hold, instead of what is live: one of the two, or neither. */
  readonly digest?: string;
  readonly commit?: string;
  /** Of the page's own making: the same wish sent twice acts once. At most 64 letters, digits and dashes. */
  readonly id: string;
}
