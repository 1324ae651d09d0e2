/** Decimal digits as a number, NaN for anything else: `Number` also reads `0x10`, `1e3`, blanks and nothing at all. */
export function wholeNumber(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
