import { useCallback, useEffect, useState } from "preact/hooks";
import type { Board } from "./merge-board.ts";
import { type SentControl, trackControl } from "./track-control.ts";

interface SentControls {
  readonly sent: readonly SentControl[];
  readonly add: (control: SentControl) => void;
  readonly dismiss: (id: string) => void;
}

/** Follows what was asked for on this page until a tick has taken it. */
export function useSentControls(board: Board | null): SentControls {
  const [sent, setSent] = useState<readonly SentControl[]>([]);
  useEffect(() => {
    if (board === null) return;
    setSent((before) => {
      const after = before.map((one) => trackControl(one, board.areas));
      return after.every((one, index) => one === before[index]) ? before : after;
    });
  }, [board]);
  const add = useCallback((control: SentControl) => {
    setSent((before) => [...before.filter(({ id }) => id !== control.id), control]);
  }, []);
  const dismiss = useCallback((id: string) => setSent((before) => before.filter((one) => one.id !== id)), []);
  return { sent, add, dismiss };
}
