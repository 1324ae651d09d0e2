import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { program } from "../../tsup.base.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default program({
  entry: { windlass: "src/windlass.ts" },
  // Node does not look at source maps unasked, and they are most of what an install would fetch.
  sourcemap: false,
  // The board's pages lie beside the program that serves them.
  async onSuccess() {
    cpSync(here("../board/dist"), here("dist/board"), { recursive: true });
  },
});
