import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Command } from "./api.ts";
import type { Board } from "./merge-board.ts";

/** What an action is about, before the person has said why. */
export interface ActionTarget {
  readonly area: string;
  /** Null: the whole area. */
  readonly image: string | null;
  readonly command: Command;
  /** Of a hold: the digest that the person chose elsewhere. */
  readonly digest?: string | undefined;
}

export interface BoardContextValue {
  readonly board: Board;
  readonly act: (target: ActionTarget) => void;
}

export const BoardContext = createContext<BoardContextValue | null>(null);

export function useBoardContext(): BoardContextValue {
  const value = useContext(BoardContext);
  if (value === null) throw new TypeError("a page is drawn outside of the board");
  return value;
}
