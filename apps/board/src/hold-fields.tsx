import type { VNode } from "preact";
import type { HoldAt } from "./make-wish.ts";

const KINDS: readonly (readonly [HoldAt["kind"], string])[] = [
  ["live", "what is live now"],
  ["commit", "a commit"],
  ["digest", "a digest"],
];

interface HoldFieldsProps {
  readonly at: HoldAt;
  readonly onAt: (at: HoldAt) => void;
}

export function HoldFields({ at, onAt }: HoldFieldsProps): VNode {
  return (
    <fieldset class="choice">
      <legend>Hold it at</legend>
      {KINDS.map(([kind, words]) => (
        <label key={kind} class="check">
          <input type="radio" name="hold-at" checked={at.kind === kind} onChange={() => onAt({ kind, text: "" })} />
          {words}
        </label>
      ))}
      {at.kind !== "live" && (
        <label class="hold-version">
          <span class="unseen">{at.kind === "commit" ? "Commit" : "Digest"}</span>
          <input
            type="text"
            class="code"
            spellcheck={false}
            placeholder={at.kind === "commit" ? "4f2a91c" : "sha256:…"}
            value={at.text}
            onChange={({ currentTarget }) => onAt({ ...at, text: currentTarget.value })}
          />
        </label>
      )}
    </fieldset>
  );
}
