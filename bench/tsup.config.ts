import { program } from "../tsup.base.ts";

export default program({
  entry: {
    bench: "src/bench.ts",
    "import-child": "src/import-child.ts",
    "lambda-child": "src/lambda-child.ts",
    "tick-child": "src/tick-child.ts",
  },
});
