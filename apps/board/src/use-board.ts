import { useEffect, useState } from "preact/hooks";
import type { BoardEvent } from "./api.ts";
import { type Board, mergeBoard } from "./merge-board.ts";

export interface LiveBoard {
  /** Null until the first event. */
  readonly board: Board | null;
  readonly isConnected: boolean;
  /** The server does not know this page any more: the browser does not try again. */
  readonly isRefused: boolean;
  /** When the server was last heard of, by its own clock. */
  readonly heardAt: number;
  /** How far its clock is ahead of this machine's, in milliseconds. */
  readonly aheadMs: number;
}

/** The browser reconnects by itself; the first event of a stream has everything. */
export function useBoard(): LiveBoard {
  const [live, setLive] = useState<LiveBoard>({
    ...{ board: null, isConnected: true, isRefused: false },
    ...{ heardAt: Date.now(), aheadMs: 0 },
  });
  useEffect(() => {
    const events = new EventSource("/api/events");
    events.addEventListener("board", ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as BoardEvent;
      setLive(({ board }) => ({
        ...{ board: mergeBoard(board, event), isConnected: true, isRefused: false },
        heardAt: Date.parse(event.at),
        aheadMs: Date.parse(event.at) - Date.now(),
      }));
    });
    events.onopen = () => setLive((before) => ({ ...before, isConnected: true, heardAt: Date.now() + before.aheadMs }));
    events.onerror = () => {
      const isRefused = events.readyState === EventSource.CLOSED;
      setLive((before) => ({ ...before, isConnected: false, isRefused }));
    };
    return () => events.close();
  }, []);
  return live;
}
