import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import type { Reporter } from "vitest/node";

declare module "vitest" {
  interface TaskMeta {
    skipReason?: string;
  }
}

const packages = fileURLToPath(new URL("./packages/", import.meta.url));

/** Tests read the sources of workspace packages, so that no build stands between an edit and its test. */
const alias = [{ find: /^@windlass\/([a-z-]+)$/, replacement: `${packages}$1/src/index.ts` }];

/** Brings the reason given to `context.skip(reason)` into the JSON report, which the root command prints. */
const skipReasons: Reporter = {
  onTestCaseResult(test) {
    const result = test.result();
    if (result.state === "skipped" && result.note !== undefined) test.meta().skipReason = result.note;
  },
};

interface PackageTests {
  /** Pure packages answer for every line and branch. */
  readonly pure?: boolean;
  /** Milliseconds for one test, where a suite drives real processes. */
  readonly timeout?: number;
}

/** The one vitest configuration: `export default packageTests()` in each package. */
export function packageTests(options: PackageTests = {}): ViteUserConfig {
  return defineConfig({
    resolve: { alias },
    test: {
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      testTimeout: options.timeout ?? 10_000,
      hookTimeout: options.timeout ?? 10_000,
      reporters: ["default", skipReasons, ["json", { outputFile: "test-results.json" }]],
      coverage: {
        enabled: options.pure ?? false,
        provider: "v8",
        reporter: ["text-summary", "json-summary"],
        include: ["src/**/*.ts"],
        exclude: ["src/**/*.test.ts", "src/**/testing/**", "src/index.ts"],
        thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
      },
    },
  });
}
