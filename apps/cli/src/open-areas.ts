import type { AccountMapping } from "@windlass/account-mapping";
import type { AreaOptions } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import { type OpenArea, openArea } from "./open-area.ts";

/** Opens areas by name, each once: AWS is asked whose the credentials are once for each, and again where that went wrong. */
export interface AreaOpener {
  open(name: string): Promise<OpenArea>;
  /** What went wrong there may be otherwise when it is opened anew. */
  forget(name: string): void;
}

export function createAreaOpener(world: CliWorld, mapping: AccountMapping, options: AreaOptions): AreaOpener {
  const opened = new Map<string, Promise<OpenArea>>();
  return {
    open(name) {
      const opening = opened.get(name) ?? openArea(world, { mapping, name, options });
      opened.set(name, opening);
      return opening;
    },
    forget: (name) => void opened.delete(name),
  };
}
