import { packageTests } from "../../vitest.base.ts";

export default packageTests({ timeout: 120_000 });
