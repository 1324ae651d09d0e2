import { packageTests } from "../../vitest.base.ts";

// Each race is some fifty calls, in thirty orders.
export default packageTests({ timeout: 30_000 });
