import type { VNode } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ActionDialog } from "./action-dialog.tsx";
import { type ActionTarget, BoardContext } from "./board-context.ts";
import { BoardPage } from "./board-page.tsx";
import { DeploymentPage } from "./deployment-page.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { HistoryPage } from "./history-page.tsx";
import { ImagePage } from "./image-page.tsx";
import type { Board } from "./merge-board.ts";
import { PerformancePage } from "./performance-page.tsx";
import type { Route } from "./route.ts";
import { ServerClock } from "./server-clock.ts";
import { Loading } from "./small-parts.tsx";
import { StatusRegion } from "./status-region.tsx";
import { TopBar } from "./top-bar.tsx";
import type { SentControl } from "./track-control.ts";
import { useBoard } from "./use-board.ts";
import { useRoute } from "./use-route.ts";
import { useSentControls } from "./use-sent-controls.ts";
import { useShortcuts } from "./use-shortcuts.ts";

export function App(): VNode {
  const route = useRoute();
  const live = useBoard();
  const { board } = live;
  const [target, setTarget] = useState<ActionTarget | null>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { sent, add, dismiss } = useSentControls(board);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  const context = useMemo(() => (board === null ? null : { board, act: setTarget }), [board]);
  const finish = useCallback(
    (control: SentControl | null) => {
      setTarget(null);
      if (control !== null) add(control);
    },
    [add],
  );
  useShortcuts(openHelp);
  return (
    <ServerClock.Provider value={live.aheadMs}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <TopBar route={route} live={live} onHelp={openHelp} />
      <Main route={route}>
        {board === null || context === null ? (
          <Loading what="the areas" />
        ) : (
          <BoardContext.Provider value={context}>
            <Page route={route} board={board} />
            {target !== null && <ActionDialog target={target} onDone={finish} />}
          </BoardContext.Provider>
        )}
      </Main>
      <StatusRegion live={live} sent={sent} onDismiss={dismiss} />
      {isHelpOpen && <HelpDialog onClose={() => setHelpOpen(false)} />}
    </ServerClock.Provider>
  );
}

interface MainProps {
  readonly route: Route;
  readonly children: VNode;
}

/** Who follows a link with a screen reader or the keyboard starts at the new page's top. */
function Main({ route, children }: MainProps): VNode {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [route]);
  return (
    <main id="content" ref={main} tabIndex={-1} class={`page page-${route.kind}`}>
      {children}
    </main>
  );
}

interface PageProps {
  readonly route: Route;
  readonly board: Board;
}

function Page({ route, board }: PageProps): VNode {
  useEffect(() => {
    document.title = `${titleOf(route)} · ${board.workload} · Windlass`;
  }, [route, board.workload]);
  switch (route.kind) {
    case "board":
      return <BoardPage board={board} />;
    case "history":
      return <HistoryPage search={route.search} order={board.order} />;
    case "performance":
      return <PerformancePage />;
    case "image":
      return <ImagePage area={route.area} image={route.image} />;
    case "deployment":
      return <DeploymentPage area={route.area} deployment={route.deployment} />;
    case "unknown":
      return (
        <>
          <h1>There is no such page</h1>
          <p>
            Everything starts at <a href="/">the board</a>.
          </p>
        </>
      );
  }
}

function titleOf(route: Route): string {
  switch (route.kind) {
    case "board":
      return "Board";
    case "history":
      return "History";
    case "performance":
      return "Performance";
    case "image":
      return `${route.image} in ${route.area}`;
    case "deployment":
      return route.deployment;
    case "unknown":
      return "No such page";
  }
}
