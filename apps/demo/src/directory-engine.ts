import type { DemoEngine, EngineOptions } from "./engine.ts";
import { createModuleShelf } from "./modules.ts";

/** Terraform runs on this machine, in folders: needs no engine, no root, and with the stand-in no Terraform. */
export async function openDirectoryEngine({ folder, terraform }: EngineOptions): Promise<DemoEngine> {
  const shelf = await createModuleShelf(`${folder}/modules`);
  return {
    kind: "directory",
    description:
      terraform.kind === "real"
        ? `Terraform: ${terraform.path}`
        : "Terraform: a stand-in, since there is no terraform or tofu on the PATH",
    terraform: terraform.kind,
    host: undefined,
    contentOf: () => ({}),
    shelve: shelf.put,
    environmentFor: () => ({
      WINDLASS_ENGINE: "directory",
      WINDLASS_MODULES: shelf.folder,
      WINDLASS_ALLOW_DEFAULT_MODULE: "1",
      WINDLASS_TERRAFORM: terraform.path,
      WINDLASS_STAND_IN_STATE: `${folder}/stand-in-state`,
    }),
    admit: async () => () => {},
    destroy() {},
    async close() {},
  };
}
