import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMoto } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "windlass-moto-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A program that answers as the script says, in place of moto_server. */
async function standIn(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/usr/bin/env node\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const server = `
const server = require("node:http").createServer((_, answer) => answer.end("{}"));
server.listen(0, "127.0.0.1", () => console.error(" * Running on http://127.0.0.1:" + server.address().port));
`;

describe("starting moto", () => {
  it("says that there is none on the PATH", async () => {
    const moto = await startMoto({ command: "moto-server-that-is-not-there" });

    expect(moto).toMatchObject({ kind: "unavailable", why: "there is no moto-server-that-is-not-there on the PATH" });
    expect(moto.title).toBe("moto (skipped: there is no moto-server-that-is-not-there on the PATH)");
  });

  it("keeps the server from asking the machine's metadata for credentials", async () => {
    const script = 'console.error("metadata disabled: " + process.env.AWS_EC2_METADATA_DISABLED); process.exit(1);';
    const command = await standIn("asks", script);

    expect(await startMoto({ command })).toMatchObject({ why: `${command} does not start: metadata disabled: true` });
  });

  it("sees through a shim with nothing behind it", async () => {
    const command = await standIn("shim", 'console.error("pyenv: moto_server: command not found"); process.exit(127);');

    const moto = await startMoto({ command });

    expect(moto).toMatchObject({
      kind: "unavailable",
      why: expect.stringContaining("pyenv: moto_server: command not found"),
    });
  });

  it("gives up on a server that does not say where it listens, and stops it", async () => {
    const portFile = join(folder, "port");
    const keepPort = `require("node:fs").writeFileSync(${JSON.stringify(portFile)}, String(server.address().port))`;
    const command = await standIn("mute", server.replace(/console\.error\(.*\)(?=\);)/, keepPort));

    // A busy machine may not get as far as listening in so little time.
    for (let patienceMs = 1_000; !existsSync(portFile) && patienceMs < 30_000; patienceMs *= 2) {
      const why = `${command} did not answer within ${patienceMs / 1000} s`;
      expect(await startMoto({ command, patienceMs })).toMatchObject({ kind: "unavailable", why });
    }

    const url = `http://127.0.0.1:${await readFile(portFile, "utf8")}`;
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  it("stops the server", async () => {
    const moto = await startMoto({ command: await standIn("server", server) });
    if (moto.kind !== "running") throw new Error(moto.why);
    expect((await fetch(moto.url)).ok).toBe(true);

    await moto.stop();
    await moto.stop();

    await expect(fetch(moto.url)).rejects.toThrow("fetch failed");
  });

  it("stops a server that ignores the first request to go", async () => {
    const stubborn = `process.on("SIGTERM", () => {});${server}`;
    const moto = await startMoto({ command: await standIn("stubborn", stubborn) });
    if (moto.kind !== "running") throw new Error(moto.why);

    await moto.stop();

    await expect(fetch(moto.url)).rejects.toThrow("fetch failed");
  });
});
