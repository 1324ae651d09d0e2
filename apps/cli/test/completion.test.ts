import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { openAreas } from "./areas/open-areas.ts";

/** What bash offers after these words; the last one is the one that is being written. */
async function complete(...words: readonly string[]): Promise<readonly string[]> {
  const { out } = await openAreas().run("completion", "bash");
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const line = `COMP_WORDS=(windlass ${quoted}); COMP_CWORD=${words.length}; _windlass; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync("bash", ["--norc", "-c", `${out}\n${line}`], { encoding: "utf8" });
  return printed.split("\n").filter((word) => word !== "");
}

describe("windlass completion", () => {
  it("completes commands in bash", async () => {
    expect(await complete("ro")).toEqual(["rollback"]);
    expect(await complete("un")).toEqual(["unhold", "unblock"]);
    expect(await complete("mapping", "")).toEqual(expect.arrayContaining(["validate", "resolve", "diff", "schema"]));
  });

  it("completes the options of the command that is being written, also after arguments", async () => {
    expect(await complete("hold", "dga-web", "--area", "production", "--di")).toEqual(["--digest"]);
    expect(await complete("github", "check", "--ap")).toEqual(["--app-id", "--api-url"]);
    expect(await complete("mapping", "validate", "--d")).toEqual([]);
  });

  it("leaves files to the shell", async () => {
    expect(await complete("status", "--mapping", "")).toEqual([]);
  });

  it.each([
    ["zsh", /^#compdef windlass\n[\s\S]*"windlass mapping"\) echo "validate /],
    ["fish", /complete -c windlass -n '__windlass_at "windlass"' -f -a hold -d '/],
  ])("prints a script for %s", async (shell, expected) => {
    expect((await openAreas().run("completion", shell)).out).toMatch(expected);
  });

  it("says which shells it knows", async () => {
    expect(await openAreas().run("completion", "tcsh")).toMatchObject({
      code: 2,
      error: expect.stringContaining("expected bash, zsh or fish"),
    });
  });
});
