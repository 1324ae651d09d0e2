export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One place for each value from left to right; the largest is as high as the chart. Null leaves its place empty. */
export function chartBars(values: readonly (number | null)[], { width, height }: ChartSize): readonly (Bar | null)[] {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const step = width / Math.max(1, values.length);
  const gap = Math.min(2, step / 4);
  return values.map((value, index) => {
    if (value === null || value <= 0 || most === 0) return null;
    // What is there can be seen, however small it is beside the largest.
    const high = Math.max(2, (value / most) * height);
    return { x: round(index * step + gap / 2), y: round(height - high), width: round(step - gap), height: round(high) };
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
