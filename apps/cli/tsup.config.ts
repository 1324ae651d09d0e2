import { program } from "../../tsup.base.ts";

export default program({ entry: { windlass: "src/windlass.ts" } });
