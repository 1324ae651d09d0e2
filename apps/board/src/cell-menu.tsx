import type { ImageView } from "@windlass/area-view";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { allowedCommands, COMMAND_WORDS } from "./allowed-commands.ts";
import { useBoardContext } from "./board-context.ts";
import { deploymentPath, imagePath } from "./route.ts";
import { navigate } from "./use-route.ts";

export interface MenuPlace {
  readonly area: string;
  readonly view: ImageView;
  /** The menu opens beside it, and gives the focus back to it. */
  readonly anchor: HTMLElement;
}

interface CellMenuProps {
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

export function CellMenu({ place, onClose }: CellMenuProps): VNode {
  const { area, view, anchor } = place;
  const { act } = useBoardContext();
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => openBeside(menu.current, anchor), [anchor]);
  const choose = (what: () => void) => () => {
    anchor.focus();
    onClose();
    what();
  };
  const last = view.deployment?.deployment ?? view.failure?.deployment ?? view.live?.deployment ?? null;
  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      class="menu"
      aria-label={`Actions for ${view.image} in ${area}`}
      onToggle={({ newState }) => newState === "closed" && onClose()}
      onKeyDown={(event) => moveInMenu(event, menu.current)}
    >
      <button type="button" role="menuitem" onClick={choose(() => navigate(imagePath(area, view.image)))}>
        Details
      </button>
      {last !== null && (
        <button type="button" role="menuitem" onClick={choose(() => navigate(deploymentPath(area, last)))}>
          Last deployment and its log
        </button>
      )}
      <hr />
      {allowedCommands(view).map((command) => (
        <button
          key={command}
          type="button"
          role="menuitem"
          onClick={choose(() => act({ area, image: view.image, command }))}
        >
          {COMMAND_WORDS[command]}
        </button>
      ))}
    </div>
  );
}

function openBeside(menu: HTMLElement | null, anchor: HTMLElement): void {
  if (menu === null) return;
  menu.showPopover();
  const { bottom, top, right } = anchor.getBoundingClientRect();
  const { offsetHeight: height, offsetWidth: width } = menu;
  menu.style.left = `${Math.max(8, right - width)}px`;
  menu.style.top = `${bottom + height > innerHeight ? Math.max(8, top - height) : bottom}px`;
  menu.querySelector("button")?.focus();
}

function moveInMenu(event: KeyboardEvent, menu: HTMLElement | null): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || menu === null) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("button")];
  const at = items.findIndex((item) => item.matches(":focus"));
  items.at((at + step) % items.length)?.focus();
}
