import { packageTests } from "../../vitest.base.ts";

// The process tests run Terraform, which takes a second or two each time it does anything.
export default packageTests({ timeout: 60_000 });
