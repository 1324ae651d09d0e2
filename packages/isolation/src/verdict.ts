/** Whether something holds for all of what is asked about, for none of it, or for a part, or nobody can say. */
export type Verdict = "yes" | "maybe" | "no";

export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("no")) return "no";
  return verdicts.includes("maybe") ? "maybe" : "yes";
}

export function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("yes")) return "yes";
  return verdicts.includes("maybe") ? "maybe" : "no";
}

export function negate(verdict: Verdict): Verdict {
  if (verdict === "maybe") return "maybe";
  return verdict === "yes" ? "no" : "yes";
}
