import { useEffect } from "preact/hooks";
import { navigate } from "./use-route.ts";

/** Keys that work on every page, while nobody is writing. */
export function useShortcuts(openHelp: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      if (event.key === "?") openHelp();
      else if (event.key === "/") focusFilter();
      else if (event.key === "b") navigate("/");
      else if (event.key === "h") navigate("/history");
      else if (event.key === "p") navigate("/performance");
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [openHelp]);
}

function isBusy(target: EventTarget | null): boolean {
  return (
    document.querySelector("dialog[open]") !== null ||
    (target instanceof Element && target.matches("input, select, textarea, [contenteditable]"))
  );
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>("[data-filter]")?.focus();
}
