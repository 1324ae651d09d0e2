import { packageTests } from "../../vitest.base.ts";

export default packageTests({ timeout: 180_000 });
