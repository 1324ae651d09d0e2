import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** One package whose code is in a bundle. */
interface BundledPackage {
  readonly title: string;
  readonly text: string;
}

/** What may be in something that is shipped under the Apache License 2.0, each of them with its text alone. */
const ALLOWED = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"]);

const MIT_TERMS = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** The names under which packages carry their licence. */
const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * Writes `THIRD-PARTY-NOTICES.txt` beside a bundle: the licence and the notices of every package whose code is in it,
 * since a bundle is a copy of them. Fails the build on a licence that nobody has looked at. The same packages give the
 * same text. Its name is not "licences": pnpm would take it for the package's own, and pack no LICENSE.
 */
export const thirdPartyLicenses: Plugin = {
  name: "third-party-licenses",
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(async ({ metafile }) => {
      if (metafile === undefined) return;
      const folders = bundledFolders(Object.values(metafile.outputs).flatMap((output) => usedInputs(output.inputs)));
      const packages = await Promise.all(folders.map((folder) => readPackage(folder)));
      const outdir = build.initialOptions.outdir ?? "dist";
      await mkdir(outdir, { recursive: true });
      await writeFile(join(outdir, "THIRD-PARTY-NOTICES.txt"), describePackages(packages));
    });
  },
};

/** An input of which everything was cut away is not in the bundle. */
function usedInputs(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): readonly string[] {
  return Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
}

/** Everything that was installed from elsewhere. Our own packages are read as their `dist`, under our own licence. */
function bundledFolders(inputs: readonly string[]): readonly string[] {
  const folders = inputs.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(folders.map((folder) => resolve(folder)))];
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (!ALLOWED.has(license))
    throw new Error(`${name} ${version}: expected one of the licences ${[...ALLOWED].join(", ")}, found ${license}`);
  const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const written = texts.length > 0 ? texts : [await readCommonText(`${name} ${version}`, license, author)];
  return {
    title: `${name} ${version} (${license})`,
    text: written.map((text) => text.replaceAll("\r\n", "\n").trim()).join("\n\n"),
  };
}

/** Some packages carry no text. That of the Apache License names nobody; that of MIT names its holder alone. */
async function readCommonText(title: string, license: string, author: unknown): Promise<string> {
  if (license === "Apache-2.0") return readFile(new URL("./LICENSE", import.meta.url), "utf8");
  const holder = typeof author === "string" ? author : (author as { name?: string } | undefined)?.name;
  if (license === "MIT" && holder !== undefined) return `MIT License\n\nCopyright (c) ${holder}\n\n${MIT_TERMS}`;
  throw new Error(`${title}: expected a licence text in the package, found none; ${license} wants its own to be kept`);
}

function describePackages(packages: readonly BundledPackage[]): string {
  const rule = "-".repeat(80);
  const titles = new Map<string, readonly string[]>();
  for (const { title, text } of packages) titles.set(text, [...(titles.get(text) ?? []), title]);
  const parts = [...titles]
    .map(([text, those]) => `${rule}\n${[...new Set(those)].sort().join("\n")}\n\n${text}\n`)
    .sort();
  return ["This program contains code of these packages, under these licences.\n", ...parts].join("\n");
}
