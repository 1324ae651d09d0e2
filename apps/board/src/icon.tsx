import type { Standing } from "@windlass/area-view";
import type { VNode } from "preact";

/** A shape of its own for each standing: colour alone tells nothing to many people. */
const SHAPES: Readonly<Record<Standing | "menu" | "ahead" | "external" | "brand", string>> = {
  live: "M3.5 8.5l3 3 6-7",
  deploying: "M13.5 8a5.5 5.5 0 1 1-2-4.2M11.8 1.2v2.9h-2.9",
  waiting: "M8 4.5V8l2.4 1.6M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2z",
  held: "M5.5 3.5v9M10.5 3.5v9",
  failed: "M4 4l8 8M12 4l-8 8",
  blocked: "M5.6 2h4.8L14 5.6v4.8L10.4 14H5.6L2 10.4V5.6zM8 5v3.6M8 11v.1",
  none: "M4 8h8",
  menu: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  ahead: "M8 13V3.5M4.2 7L8 3.2 11.8 7",
  external: "M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5",
  brand: "M8 4.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2zM8 1v3.4M8 11.6V15M1 8h3.4M11.6 8H15",
};

interface IconProps {
  readonly name: keyof typeof SHAPES;
}

export function Icon({ name }: IconProps): VNode {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
