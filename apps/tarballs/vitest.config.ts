import { packageTests } from "../../vitest.base.ts";

export default packageTests({ timeout: 240_000 });
