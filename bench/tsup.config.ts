import { program } from "../tsup.base.ts";

export default program({
  entry: { bench: "src/bench.ts", "tick-child": "src/tick-child.ts", "import-child": "src/import-child.ts" },
});
