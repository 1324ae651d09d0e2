import { packageTests } from "../../vitest.base.ts";

export default packageTests({ pure: true, timeout: 120_000 });
