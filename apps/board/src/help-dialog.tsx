import type { VNode } from "preact";
import { Modal } from "./modal.tsx";

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [["b"], "the board"],
  [["h"], "the history"],
  [["p"], "the performance"],
  [["/"], "filter the images"],
  [["↑", "↓", "←", "→"], "move in the board"],
  [["Home", "End"], "first and last area; with Ctrl, first and last image"],
  [["PgUp", "PgDn"], "ten images up or down"],
  [["Enter"], "open what is marked"],
  [["m"], "actions of the marked image"],
  [["Esc"], "close a dialog or a menu"],
  [["?"], "these keys"],
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }): VNode {
  return (
    <Modal title="Keys" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="buttons">
        <button type="submit">Close</button>
      </form>
    </Modal>
  );
}
