/** One measurement of a tick. */
export interface TickCase {
  /** Nothing changed, everything changed, or nothing changed and the original's way of finding that out. */
  readonly kind: "steady" | "busy" | "sequential";
  readonly images: number;
  /** Tags that each image has beside the area's. */
  readonly tags: number;
  readonly latencyMs: number;
  /** How often a steady tick is measured. */
  readonly runs: number;
}
