import { describe, expect, it } from "vitest";
import { openGitHub, owner, refusalOf, repo, sha } from "./open-github.ts";

const there = { owner, repo };
const HOUR = 60 * 60_000;

describe("limits", () => {
  it("are 80 writes a minute and 500 an hour", async () => {
    const { octokit, clock } = openGitHub();
    const write = () => octokit.checks.create({ ...there, name: "n", head_sha: sha });
    let written = 0;
    for (; written < 80; written += 1) await write();
    expect(await refusalOf(write())).toMatchObject({ status: 403, headers: { "retry-after": "60" } });
    for (let minute = 0; minute < 6; minute += 1) {
      await clock.advance(60_000);
      for (let count = 0; count < 75 && written < 500; count += 1, written += 1) await write();
    }
    await clock.advance(60_000);

    const refused = await refusalOf(write());
    expect(written).toBe(500);
    expect(refused.status).toBe(403);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(3000);
  });

  it("are told with every answer, also with one that says no", async () => {
    const { octokit, sandbox, github } = openGitHub();
    await octokit.repos.get(there);
    const refused = await refusalOf(octokit.repos.get({ owner, repo: "none" }));
    const stranger = await sandbox.fetch(`${github.apiUrl}/meta`);

    expect((await octokit.repos.get(there)).headers["x-ratelimit-remaining"]).toBe("4997");
    expect(refused.headers).toMatchObject({ "x-ratelimit-remaining": "4998", "x-ratelimit-limit": "5000" });
    expect(stranger.headers.get("x-ratelimit-limit")).toBe("5000");
  });

  it("can be asked for at no cost", async () => {
    const { octokit, clock, github } = openGitHub();
    await octokit.repos.get(there);
    const reset = Math.ceil(clock.now() / 1000) + 3600;
    await clock.advance(60_000);
    await octokit.rateLimit.get();

    expect((await octokit.rateLimit.get()).data.rate).toEqual({ limit: 5000, used: 1, remaining: 4999, reset });
    expect((await octokit.meta.get()).data.api).toHaveLength(1);
    expect(github.violations()).toEqual([]);
  });

  it("are 900 points a minute: a read is one, a write five", async () => {
    const { octokit, clock } = openGitHub();
    const read = () => octokit.repos.get(there);
    for (let count = 0; count < 79; count += 1) await octokit.checks.create({ ...there, name: "n", head_sha: sha });
    for (let count = 0; count < 900 - 79 * 5; count += 1) await read();

    expect((await refusalOf(read())).message).toContain("secondary rate limit");
    await clock.advance(60_000);
    expect((await read()).status).toBe(200);
  });

  it("are 5,000 requests in an hour, which begins with its first", async () => {
    const { octokit, clock, asInstallation } = openGitHub();
    const read = () => octokit.repos.get(there);
    const began = clock.now();
    for (let count = 0; count < 5000; count += 1) {
      if (count % 900 === 899) await clock.advance(60_000);
      await read();
    }

    const { status, headers } = await refusalOf(read());
    expect([status, headers["x-ratelimit-remaining"]]).toEqual([403, "0"]);
    expect(Number(headers["x-ratelimit-reset"])).toBe(Math.ceil((began + HOUR) / 1000));
    await clock.advance(HOUR);
    expect((await asInstallation().repos.get(there)).headers["x-ratelimit-remaining"]).toBe("4999");
  });

  it("come without a retry-after, or as the primary one, where a test wants it so", async () => {
    const { octokit, sandbox } = openGitHub();
    await octokit.repos.get(there);
    sandbox.faults.add({ kind: "throttle", service: "github", retryAfter: null, times: 1 });
    const secondary = await refusalOf(octokit.repos.get(there));
    sandbox.faults.add({ kind: "throttle", service: "github", code: "primary", times: 1 });
    const primary = await refusalOf(octokit.repos.get(there));

    expect(secondary).toMatchObject({ status: 403, message: expect.stringContaining("secondary rate limit") });
    expect(secondary.headers["retry-after"]).toBeUndefined();
    expect(primary.headers).toMatchObject({ "x-ratelimit-remaining": "0" });
  });
});
