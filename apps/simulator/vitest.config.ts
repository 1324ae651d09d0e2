import { packageTests } from "../../vitest.base.ts";

/** Seeds and mutants run in processes of their own, for as long as it takes: how fast they are says nothing of them. */
export default packageTests({ timeout: 3_600_000 });
