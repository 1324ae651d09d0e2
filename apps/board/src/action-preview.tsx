import type { VNode } from "preact";
import type { ActView } from "./api.ts";
import type { Answer } from "./api-client.ts";
import { shortVersion } from "./shorten.ts";

/** Before anything is sent: which deployments begin and end with it. */
export function ActionPreview({ answer }: { readonly answer: Answer<ActView> | null }): VNode {
  return (
    <div class="preview" aria-live="polite">
      <h3>What it does</h3>
      <Effect answer={answer} />
    </div>
  );
}

function Effect({ answer }: { readonly answer: Answer<ActView> | null }): VNode {
  if (answer === null) return <p class="quiet">Asking…</p>;
  if (answer.kind === "failure") return <p class="is-bad">{answer.error.text}</p>;
  const { kind, because, begins, ends } = answer.value;
  if (kind === "nothing-to-do") return <p>Nothing: {because ?? "it would change nothing"}.</p>;
  return (
    <ul>
      {because !== null && <li>{because}</li>}
      {ends.map((one) => (
        <li key={`ends ${one.image}`}>
          ends {one.deployment} of {one.image} (<code>{shortVersion(one)}</code>)
        </li>
      ))}
      {begins.map((one) => (
        <li key={`begins ${one.image}`}>
          deploys {one.image} at <code>{shortVersion(one)}</code>, when the rules let it
        </li>
      ))}
      {begins.length + ends.length === 0 && <li>No deployment begins or ends with it.</li>}
    </ul>
  );
}
