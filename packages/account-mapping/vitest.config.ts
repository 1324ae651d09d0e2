import { packageTests } from "../../vitest.base.ts";

export default packageTests({ pure: true, timeout: 30_000 });
