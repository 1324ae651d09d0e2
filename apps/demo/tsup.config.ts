import { program } from "../../tsup.base.ts";

export default program({
  entry: {
    demo: "src/demo.ts",
    serve: "src/serve.ts",
    "board-clock": "src/board-clock-preload.ts",
    "lambda-host": "src/lambda-host.ts",
    "machine-clock": "src/machine-clock-preload.ts",
    "stand-in-terraform": "src/stand-in-terraform.ts",
  },
  minify: false,
});
