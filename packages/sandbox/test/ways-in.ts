import {
  createSandbox,
  type Identity,
  type Sandbox,
  type SandboxOptions,
  type VirtualClock,
  virtualClock,
} from "../src/index.ts";

export const scratch = "222222222222";
export const production = "444444444444";
export const start = Date.UTC(2026, 10, 24, 9, 0, 0, 250);

/** A sandbox with a virtual clock, and clients of it. */
export interface Opened {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  /** Spread into an SDK client's constructor. One attempt: what goes wrong is to be seen. */
  config(identity?: Partial<Identity> & { readonly region?: string }): ClientOptions;
  close(): Promise<void>;
}

export interface ClientOptions {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: 1;
  readonly disableClockSkewCorrection: true;
}

export interface WayIn {
  readonly way: string;
  open(options?: SandboxOptions): Promise<Opened>;
}

/** The same suite runs both ways: with the handler injected, and through a socket. */
export const waysIn: readonly WayIn[] = [
  { way: "in process", open: openInProcess },
  { way: "over HTTP", open: openOverHttp },
];

export async function openInProcess(options: SandboxOptions = {}): Promise<Opened> {
  const clock = virtualClock(start);
  const sandbox = createSandbox({ clock, ...options });
  return {
    sandbox,
    clock,
    config: (identity) => ({ ...sandbox.clientConfig({ account: scratch, ...identity }), maxAttempts: 1 }),
    close: async () => {},
  };
}

export async function openOverHttp(options: SandboxOptions = {}): Promise<Opened> {
  const { sandbox, clock } = await openInProcess(options);
  const { url, close } = await sandbox.listen();
  return {
    sandbox,
    clock,
    config(identity) {
      const { requestHandler: _, ...client } = sandbox.clientConfig({ account: scratch, ...identity });
      return { ...client, maxAttempts: 1, endpoint: url } as ClientOptions;
    },
    close,
  };
}

/** What a call that must fail fails with. */
export async function failureOf(call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  throw new Error("the call did not fail");
}
