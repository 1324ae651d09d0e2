import type { VNode } from "preact";
import type { BoardHistory } from "./api.ts";
import { DeploymentTable } from "./deployment-table.tsx";
import { historyErrors, mergeHistory } from "./merge-history.ts";
import { FailureNote, Loading } from "./small-parts.tsx";
import { useJson } from "./use-json.ts";

interface ImageHistoryProps {
  readonly area: string;
  readonly image: string;
  /** Asked again when it is another. */
  readonly version: unknown;
}

const RECENT = 12;

export function ImageHistory({ area, image, version }: ImageHistoryProps): VNode {
  const search = new URLSearchParams({ area, image, limit: String(RECENT) });
  const { answer } = useJson<BoardHistory>(`/api/history?${search}`, version);
  const all = new URLSearchParams({ area, image });
  return (
    <section class="card" aria-labelledby="recent">
      <h2 id="recent">Recent deployments</h2>
      {answer === null && <Loading what="the history" />}
      {answer?.kind === "failure" && <FailureNote error={answer.error} />}
      {answer?.kind === "value" && (
        <>
          {historyErrors(answer.value).map((one) => (
            <FailureNote key={one.area} error={one.error} />
          ))}
          <div class="wide">
            <DeploymentTable
              caption={`Recent deployments of ${image} in ${area}`}
              deployments={mergeHistory(answer.value)}
            />
          </div>
          <p>
            <a href={`/history?${all}`}>All of its history</a>
          </p>
        </>
      )}
    </section>
  );
}
