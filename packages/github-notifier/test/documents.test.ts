import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAppCredentials } from "../src/index.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const page = readFileSync(new URL("../../../docs/github-app.md", import.meta.url), "utf8");
/** What the page tells to type, but for what talks to AWS. */
const commands = [...page.matchAll(/^\$ (openssl .*|printf .*)$/gm)].map(([, command]) => command ?? "");

describe.skipIf(!hasOpenssl)(
  `the page on the GitHub App${hasOpenssl ? "" : " (skipped: there is no openssl on the PATH)"}`,
  () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "windlass-app-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("makes a secret that is read, with the commands that it tells", () => {
      const { privateKey } = generateKeyPairSync("rsa", {
        modulusLength: 2048,
        publicKeyEncoding: { type: "spki", format: "pem" },
        privateKeyEncoding: { type: "pkcs1", format: "pem" },
      });
      writeFileSync(join(folder, "windlass.private-key.pem"), privateKey);
      expect(commands).toHaveLength(2);
      for (const command of commands) execFileSync("sh", ["-c", command], { cwd: folder, stdio: "pipe" });

      const secret = readFileSync(join(folder, "secret.json"), "utf8");
      expect(parseAppCredentials(secret, { where: "secret.json" }).appId).toBe("123456");
    });

    it("names every reason for which a report is parked", () => {
      const codes = [
        "not-installed",
        "installation-suspended",
        "permission-missing",
        "credentials-refused",
        "commit-unknown",
      ];
      for (const code of [...codes, "repository-archived", "issues-disabled", "issue-locked", "rate-limited"]) {
        expect(page).toContain(`\`${code}\``);
      }
    });
  },
);
