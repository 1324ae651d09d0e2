import type { ImageView } from "@windlass/area-view";
import type { VNode } from "preact";
import { allowedCommands, COMMAND_MEANINGS, COMMAND_WORDS } from "./allowed-commands.ts";
import { useBoardContext } from "./board-context.ts";

interface ActionBarProps {
  readonly area: string;
  readonly view: ImageView;
}

export function ActionBar({ area, view }: ActionBarProps): VNode {
  const { act } = useBoardContext();
  return (
    <fieldset class="actions">
      <legend class="unseen">Actions</legend>
      {allowedCommands(view).map((command) => (
        <button
          key={command}
          type="button"
          title={COMMAND_MEANINGS[command]}
          onClick={() => act({ area, image: view.image, command })}
        >
          {COMMAND_WORDS[command]}
        </button>
      ))}
    </fieldset>
  );
}
