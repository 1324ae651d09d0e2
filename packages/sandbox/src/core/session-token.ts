/** Session tokens that the sandbox hands out carry their end; any other token is taken as one without an end. */
export function issueSessionToken(expiresAtMs: number, id: string): string {
  return `sandbox-session.${expiresAtMs}.${id}`;
}

export function isExpired(token: string | null, nowMs: number): boolean {
  const match = token === null ? null : /^sandbox-session\.(\d+)\./.exec(token);
  return match !== null && Number(match[1]) <= nowMs;
}
