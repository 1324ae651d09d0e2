import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const source = fileURLToPath(new URL("../src/", import.meta.url));

async function readSources(): Promise<readonly { file: string; text: string }[]> {
  const files = (await readdir(source)).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(`${source}${file}`, "utf8") })));
}

describe("the EC2 client", () => {
  it("is imported as types only, or when it is needed", async () => {
    const sources = await readSources();
    const importing = sources.filter(({ text }) => text.includes("@aws-sdk/client-ec2"));

    const statics = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/^(?:import|export)\b(?!\s+type\b)[^;]*?from\s+"@aws-sdk\/client-ec2"/gm)].map(() => file),
    );
    const lazy = importing.filter(({ text }) => text.includes('await import("@aws-sdk/client-ec2")'));

    expect(statics).toEqual([]);
    expect(lazy.map(({ file }) => file).sort()).toEqual(["deploy-group.ts", "read-instances.ts"]);
  });
});
