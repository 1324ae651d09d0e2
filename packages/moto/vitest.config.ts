import { packageTests } from "../../vitest.base.ts";

// Starting a Python server takes a second, and many on a busy machine.
export default packageTests({ timeout: 60_000 });
