import type { VNode } from "preact";
import { formatAge } from "./format-age.ts";
import { Icon } from "./icon.tsx";
import type { Route } from "./route.ts";
import type { LiveBoard } from "./use-board.ts";
import { useNow } from "./use-now.ts";

const PAGES: readonly { readonly kind: Route["kind"]; readonly path: string; readonly name: string }[] = [
  { kind: "board", path: "/", name: "Board" },
  { kind: "history", path: "/history", name: "History" },
  { kind: "performance", path: "/performance", name: "Performance" },
];

interface TopBarProps {
  readonly route: Route;
  readonly live: LiveBoard;
  readonly onHelp: () => void;
}

export function TopBar({ route, live, onHelp }: TopBarProps): VNode {
  return (
    <header class="top">
      <a class="brand" href="/">
        <Icon name="brand" />
        <span>Windlass</span>
        <span class="workload">{live.board?.workload}</span>
      </a>
      <nav aria-label="Pages">
        {PAGES.map(({ kind, path, name }) => (
          <a key={kind} href={path} aria-current={route.kind === kind ? "page" : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <Connection live={live} />
      <button type="button" class="plain" aria-label="Keys" aria-keyshortcuts="?" onClick={onHelp}>
        ?
      </button>
    </header>
  );
}

function Connection({ live: { board, isConnected, heardAt } }: { readonly live: LiveBoard }): VNode {
  const now = useNow(1_000);
  if (isConnected) {
    return (
      <span class="connection is-connected" title={board === null ? "" : `As of ${board.at}`}>
        <span class="dot" aria-hidden="true" />
        up to date
      </span>
    );
  }
  return (
    <span class="connection is-lost">
      <span class="dot" aria-hidden="true" />
      as of {formatAge((now - heardAt) / 1000)} ago
    </span>
  );
}
