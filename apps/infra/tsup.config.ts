import { defineConfig } from "tsup";

/** The app of the AWS CDK: what it imports stays an import, since aws-cdk-lib is far too large to bundle. */
export default defineConfig({
  entry: { app: "src/app.ts" },
  format: "esm",
  target: "node20",
  platform: "node",
  clean: true,
  sourcemap: true,
  outExtension: () => ({ js: ".mjs" }),
});
