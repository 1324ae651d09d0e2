import { packageTests } from "../../vitest.base.ts";

// Thousands of cases in one test. What comes to no end is found by `src/watch-for-hangs.ts`: it blocks this limit, too.
export default packageTests({ timeout: 300_000 });
