/** What init has noted of the backend that it has configured. */
export type BackendNote =
  | { readonly kind: "backend"; readonly type: string }
  /** It is whole, and names no backend. */
  | { readonly kind: "none" }
  | { readonly kind: "unreadable" };

export function readBackendNote(content: Uint8Array): BackendNote {
  try {
    const note = JSON.parse(Buffer.from(content).toString("utf8")) as { backend?: { type?: unknown } | null } | null;
    const type = note?.backend?.type;
    return typeof type === "string" ? { kind: "backend", type } : { kind: "none" };
  } catch {
    return { kind: "unreadable" };
  }
}
