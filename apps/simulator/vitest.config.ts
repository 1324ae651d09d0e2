import { packageTests } from "../../vitest.base.ts";

/** Seeds and mutants run in processes of their own. */
export default packageTests({ timeout: 600_000 });
