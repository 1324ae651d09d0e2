import { packageTests } from "../../vitest.base.ts";

export default packageTests({ pure: true, timeout: 60_000 });
