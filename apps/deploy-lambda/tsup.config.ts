import { program } from "../../tsup.base.ts";

export default program({ entry: { handler: "src/handler.ts" } });
