import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { BoardHistory } from "./api.ts";
import { DeploymentTable } from "./deployment-table.tsx";
import { HistoryFilter } from "./history-filter.tsx";
import { formatHistoryQuery, type HistoryQuery, parseHistoryQuery, requestHistory } from "./history-query.ts";
import { historyErrors, mergeHistory } from "./merge-history.ts";
import { FailureNote, Loading } from "./small-parts.tsx";
import { useJson } from "./use-json.ts";
import { replaceSearch } from "./use-route.ts";

interface HistoryPageProps {
  readonly search: string;
  readonly order: readonly string[];
}

/** As many as people read; who looks for older ones says more. */
const LIMIT = 200;

export function HistoryPage({ search, order }: HistoryPageProps): VNode {
  const [query, setQuery] = useState<HistoryQuery>(() => parseHistoryQuery(search));
  useEffect(() => setQuery(parseHistoryQuery(search)), [search]);
  const change = (next: HistoryQuery) => {
    setQuery(next);
    replaceSearch(formatHistoryQuery(next));
  };
  const { answer, isLoading, reload } = useJson<BoardHistory>(`/api/history${requestHistory(query, LIMIT)}`);
  return (
    <>
      <header class="page-head">
        <h1>History</h1>
      </header>
      <HistoryFilter query={query} order={order} onQuery={change} />
      {answer === null && <Loading what="the history" />}
      {answer?.kind === "failure" && <FailureNote error={answer.error} />}
      {answer?.kind === "value" && <Found history={answer.value} isLoading={isLoading} onReload={reload} />}
    </>
  );
}

interface FoundProps {
  readonly history: BoardHistory;
  readonly isLoading: boolean;
  readonly onReload: () => void;
}

function Found({ history, isLoading, onReload }: FoundProps): VNode {
  const deployments = mergeHistory(history);
  return (
    <>
      {historyErrors(history).map(({ area, error }) => (
        <FailureNote key={area} error={error} title={`The history of ${area} can not be read.`} />
      ))}
      <p class="table-line">
        <span role="status">{isLoading ? "Reading…" : `${deployments.length} deployments, newest first`}</span>
        <button type="button" class="small" onClick={onReload}>
          Read again
        </button>
      </p>
      <div class="card wide">
        <DeploymentTable caption="Deployments, newest first" deployments={deployments} withPlace />
      </div>
    </>
  );
}
