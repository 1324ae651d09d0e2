/** What a measurement has to be. */
export interface Bar {
  readonly name: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Prints every bar. True where all are met. */
export function reportBars(bars: readonly Bar[]): boolean {
  console.log("\nBars");
  for (const { name, wanted, measured, met } of bars) {
    console.log(`  ${met ? "met    " : "NOT MET"}  ${name}: wanted ${wanted}, measured ${measured}`);
  }
  return bars.every(({ met }) => met);
}

export function atMost(
  name: string,
  limit: number,
  { measured, unit }: { readonly measured: number; readonly unit: string },
): Bar {
  return {
    name,
    wanted: `at most ${limit.toLocaleString("en")} ${unit}`,
    measured: `${round(measured).toLocaleString("en")} ${unit}`,
    met: measured <= limit,
  };
}

export function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
