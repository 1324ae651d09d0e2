import type { ImagePush } from "@windlass/sandbox";
import { WindlassError } from "@windlass/windlass-error";
import { type ContainerProgram, openContainerEngine } from "./container-engine.ts";
import { openDirectoryEngine } from "./directory-engine.ts";
import type { ModuleContent } from "./modules.ts";
import type { TerraformBinary } from "./terraform-binary.ts";

export type EngineKind = "directory" | ContainerProgram;
const ENGINE_KINDS: readonly EngineKind[] = ["directory", "podman", "docker"];

/** Where the runners of the demo's deploy instances run Terraform. */
export interface DemoEngine {
  readonly kind: EngineKind;
  /** For people: what applies the modules. */
  readonly description: string;
  readonly terraform: TerraformBinary["kind"];
  /** The address that the sandbox must be served on; undefined: any. */
  readonly host: string | undefined;
  /** What an image with this content is pushed with, beside tags and labels. */
  contentOf(content: ModuleContent): Pick<ImagePush, "layers" | "runtime" | "config">;
  /** Told every image with content of its own. */
  shelve(digest: string, content: ModuleContent): Promise<void>;
  /** What a runner gets beside what it works for; `account`: of its area. */
  environmentFor(account: string): Readonly<Record<string, string>>;
  /** Waits until one more instance can run on this machine; the returned function says that it has ended. */
  admit(): Promise<() => void>;
  /** Ends what runs for a deployment apart from the runner and its children: its instance is gone. */
  destroy(deployment: string): void;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly kind: EngineKind;
  /** Holds everything that is written. */
  readonly folder: string;
  readonly terraform: TerraformBinary;
  readonly searchPath: string;
  /** Of whoever started the demo. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Throws a `WindlassError` `option-invalid`. */
export function readEngineKind(text: string = "directory"): EngineKind {
  const kind = ENGINE_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  const expected = ENGINE_KINDS.join(", ");
  throw new WindlassError({ code: "option-invalid", message: "--engine is not one", expected, found: text });
}

/** Throws a `WindlassError` `engine-unusable` where something that the engine needs is not here. */
export async function openEngine(options: EngineOptions): Promise<DemoEngine> {
  return options.kind === "directory" ? openDirectoryEngine(options) : openContainerEngine(options, options.kind);
}
