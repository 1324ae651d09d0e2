import type { VNode } from "preact";
import type { SentControl } from "./track-control.ts";
import type { LiveBoard } from "./use-board.ts";

const PROGRESS: Readonly<Record<SentControl["progress"], string>> = {
  sent: "sent; the next tick takes it",
  waiting: "waits for the tick that takes it",
  taken: "taken by the tick",
};

const REFUSED = "The board does not know this page any more: open the address that windlass board printed.";

interface StatusRegionProps {
  readonly live: LiveBoard;
  readonly sent: readonly SentControl[];
  readonly onDismiss: (id: string) => void;
}

/** The one place that speaks by itself: the connection, and what became of the reader's own actions. */
export function StatusRegion({ live, sent, onDismiss }: StatusRegionProps): VNode {
  return (
    <div class="status-region" role="status" aria-live="polite">
      {!live.isConnected && <p class="toast is-bad">{live.isRefused ? REFUSED : "Connection lost, trying again."}</p>}
      {sent.map(({ id, title, progress }) => (
        <p key={id} class={`toast is-${progress}`} data-progress={progress}>
          <span>
            <strong>{title}</strong>: {PROGRESS[progress]}
          </span>
          <button type="button" class="plain" aria-label={`Dismiss: ${title}`} onClick={() => onDismiss(id)}>
            ✕
          </button>
        </p>
      ))}
    </div>
  );
}
