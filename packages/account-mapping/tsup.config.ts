import { library } from "../../tsup.base.ts";

// Three entries and not one, so that the YAML parser has a chunk of its own: it is CommonJS, and a bundler that wants
// only `checkMapping` could not leave it out of a single file. The package exports the index alone.
export default {
  ...library(),
  entry: ["src/index.ts", "src/check-mapping.ts", "src/parse-mapping.ts"],
  dts: { entry: "src/index.ts" },
  splitting: true,
};
