import { defineConfig } from "tsup";

/** Three files for a strict content security policy: nothing inline, nothing from elsewhere. */
export default defineConfig({
  entry: { board: "src/main.tsx" },
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  clean: true,
  splitting: false,
  noExternal: [/.*/],
  publicDir: "public",
  outExtension: () => ({ js: ".js" }),
  esbuildOptions(esbuild) {
    esbuild.legalComments = "none";
    esbuild.jsx = "automatic";
    esbuild.jsxImportSource = "preact";
  },
});
