/** Every invariant of the table in `docs/simulation.md`: a large run in which one was never checked has shown nothing of it. */
export const INVARIANTS = [
  "S1",
  "S2",
  "S3",
  "S4",
  "S6",
  "S7",
  "S8",
  "S9",
  "S10",
  "S11",
  "S12",
  "S13",
  "S14",
  "S15",
  "S17",
  "S18",
  "S19",
  "S21",
  "S22",
  "S23",
  "L2",
  "L4",
  "L8",
  "X1",
] as const;

export type Invariant = (typeof INVARIANTS)[number];
