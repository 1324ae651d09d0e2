import { readFile } from "node:fs/promises";
import type { Options } from "tsup";
import { program } from "../../tsup.base.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/**
 * The SDK describes every shape of a service as one constant, with computed keys, which a bundler must take for side
 * effects: all of S3's would stay. As the result of a pure function, those of actions that are not called can go.
 */
const droppableSchemas: Plugin = {
  name: "droppable-schemas",
  setup(build) {
    build.onLoad({ filter: /@aws-sdk\/client-[\w-]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const constant = /^((?:export )?(?:var|const) \w+\$? = )(\[[\s\S]*?\]);$/gm;
      return { contents: source.replace(constant, "$1/* @__PURE__ */ (() => $2)();"), loader: "js" };
    });
  },
};

export default program({ entry: { handler: "src/handler.ts" }, esbuildPlugins: [droppableSchemas] });
