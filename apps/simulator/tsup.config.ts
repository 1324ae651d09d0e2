import { program } from "../../tsup.base.ts";

export default program({
  entry: { simulate: "src/simulate.ts" },
  noExternal: [/^(?!esbuild$)/],
  minify: false,
  clean: false,
});
