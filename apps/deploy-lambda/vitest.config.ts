import { packageTests } from "../../vitest.base.ts";

export default packageTests({ timeout: 60_000 });
