import { defineConfig, type Options } from "tsup";
import { thirdPartyLicenses } from "./tsup.licenses.ts";

/** A library: ESM and declarations; its dependencies stay imports. */
export function library(): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: ["src/index.ts"],
    format: "esm",
    target: "node20",
    platform: "node",
    dts: true,
    clean: true,
    sourcemap: true,
    tsconfig: "tsconfig.json",
  });
}

/**
 * A program: one ESM file with everything it needs, and lazy chunks beside it where it says `import()`.
 * The banner gives CommonJS dependencies the `require` that an ES module has not.
 */
export function program(options: Options): ReturnType<typeof defineConfig> {
  return defineConfig({
    format: "esm",
    target: "node20",
    platform: "node",
    clean: true,
    sourcemap: true,
    minify: true,
    splitting: true,
    noExternal: [/.*/],
    outExtension: () => ({ js: ".mjs" }),
    banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
    esbuildOptions(esbuild) {
      esbuild.mainFields = ["module", "main"];
      esbuild.legalComments = "none";
    },
    ...options,
    esbuildPlugins: [...(options.esbuildPlugins ?? []), thirdPartyLicenses],
  });
}
