import { packageTests } from "../../vitest.base.ts";

// Thousands of cases in one test. The timeout is what finds an input that a reader does not come to an end with.
export default packageTests({ timeout: 300_000 });
