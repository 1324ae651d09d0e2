import type { VNode } from "preact";
import type { ImageRules } from "./api.ts";
import { FailureNote, Loading } from "./small-parts.tsx";
import { useJson } from "./use-json.ts";

interface RuleListProps {
  readonly area: string;
  readonly image: string;
  /** Asked again when it is another. */
  readonly version: unknown;
}

const ANSWERS = { passes: "passes", stops: "stops", "not-asked": "not asked" } as const;

/** Why the image is where it is: every rule that a tick looks at, in its order. */
export function RuleList({ area, image, version }: RuleListProps): VNode {
  const path = `/api/areas/${encodeURIComponent(area)}/images/${encodeURIComponent(image)}/rules`;
  const { answer } = useJson<ImageRules>(path, version);
  return (
    <section class="card" aria-labelledby="rules">
      <h2 id="rules">What the tick decides by</h2>
      {answer === null && <Loading what="the rules" />}
      {answer?.kind === "failure" && <FailureNote error={answer.error} />}
      {answer?.kind === "value" && (
        <ol class="rules">
          {answer.value.rules.map(({ rule, kind, because }) => (
            <li key={rule} class={`rule-${kind}`}>
              <span class="rule-answer">{ANSWERS[kind]}</span>
              <strong>{rule}</strong> <span>{because}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
