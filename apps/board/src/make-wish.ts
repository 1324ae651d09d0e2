import type { BoardWish } from "./api.ts";
import type { ActionTarget } from "./board-context.ts";

/** What a hold is to be at. */
export interface HoldAt {
  readonly kind: "live" | "commit" | "digest";
  readonly text: string;
}

export interface WishInput {
  readonly target: ActionTarget;
  readonly at: HoldAt;
  readonly id: string;
  readonly reason: string;
}

/** What the server is asked for; null while a hold's version is not named. */
export function makeWish({ target, at, id, reason }: WishInput): BoardWish | null {
  const { area, image, command } = target;
  const wish = { area, image, command, id, reason };
  if (command !== "hold" || at.kind === "live") return wish;
  const text = at.text.trim();
  return text === "" ? null : { ...wish, [at.kind]: text };
}
