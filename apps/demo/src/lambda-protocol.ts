/** The Lambda function's timeout in the sandbox. */
export const REQUEST_TIMEOUT_MS = 60_000;

export interface HostRequest {
  readonly id: number;
  readonly event: unknown;
  readonly clockOffset: number;
}

export type HostReply =
  | { readonly id: number; readonly ok: true; readonly summary: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };

/** What the deploy Lambda returns, as far as the demo reads it. */
export interface TickSummary {
  readonly area: string;
  readonly launched: readonly unknown[];
  readonly finished: readonly unknown[];
  readonly waiting: readonly { readonly image: string; readonly reason: string }[];
  readonly notes: readonly { readonly code?: string; readonly message?: string }[];
}
