import type { Sandbox } from "@windlass/sandbox";

/** What the bench uses of the built deploy Lambda. */
interface LambdaBundle {
  readonly handler: Tick;
  createHandler(options: {
    readonly env: Readonly<Record<string, string>>;
    readonly clients: Pick<ReturnType<Sandbox["clientConfig"]>, "credentials" | "requestHandler">;
    readonly fetch: typeof fetch;
  }): Tick;
}

export type Tick = () => Promise<{ readonly launched: readonly unknown[]; readonly notes: readonly unknown[] }>;

/** The very bundle that is deployed. */
export async function loadLambda(): Promise<LambdaBundle> {
  return (await import(import.meta.resolve("@windlass/deploy-lambda"))) as LambdaBundle;
}
