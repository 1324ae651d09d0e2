import { describe, expect, it } from "vitest";
import { createInstanceMetadata } from "./instance-metadata.ts";
import type { RunnerClock } from "./runner-clock.ts";

/** Waits for nothing. */
const clock: RunnerClock = {
  now: () => 0,
  monotonic: () => 0,
  schedule(_ms, fn) {
    queueMicrotask(fn);
    return () => {};
  },
};

interface Call {
  readonly method: string;
  readonly url: string;
  readonly token: string | null;
}

/** Answers as the service does; `refusals` calls fail before. */
function openMetadata(values: Readonly<Record<string, string>>, refusals = 0) {
  const calls: Call[] = [];
  const answer: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const url = String(input);
    calls.push({ method: init?.method ?? "GET", url, token: headers.get("x-aws-ec2-metadata-token") });
    if (calls.length <= refusals) throw new TypeError("fetch failed");
    if (url.endsWith("/latest/api/token")) {
      return headers.has("x-aws-ec2-metadata-token-ttl-seconds")
        ? new Response("the-token")
        : new Response("", { status: 400 });
    }
    if (headers.get("x-aws-ec2-metadata-token") !== "the-token") return new Response("", { status: 401 });
    const value = values[url.replace("http://169.254.169.254/latest/meta-data/", "")];
    return value === undefined ? new Response("Not Found", { status: 404 }) : new Response(value);
  };
  const metadata = createInstanceMetadata({ endpoint: "http://169.254.169.254/", clock, fetch: answer });
  return { metadata, calls };
}

describe("createInstanceMetadata", () => {
  it("asks for a token first, and names it with every read", async () => {
    const { metadata, calls } = openMetadata({ "instance-id": "i-0123456789abcdef0" });

    expect(await metadata.instanceId()).toBe("i-0123456789abcdef0");
    expect(calls).toEqual([
      { method: "PUT", url: "http://169.254.169.254/latest/api/token", token: null },
      { method: "GET", url: "http://169.254.169.254/latest/meta-data/instance-id", token: "the-token" },
    ]);
  });

  it("reads the deployment from the tag that the group gave the instance", async () => {
    const { metadata } = openMetadata({ "tags/instance/windlass:deployment": "20261124t090000z-7\n" });

    expect(await metadata.deployment()).toBe("20261124t090000z-7");
  });

  it("does not give up at once while the instance boots", async () => {
    const { metadata } = openMetadata({ "instance-id": "i-0123456789abcdef0" }, 4);

    expect(await metadata.instanceId()).toBe("i-0123456789abcdef0");
  });

  it("says what is missing where tags are not in the metadata", async () => {
    const { metadata, calls } = openMetadata({});

    await expect(metadata.deployment()).rejects.toMatchObject({
      code: "metadata-unavailable",
      where: "tags/instance/windlass:deployment",
      message: expect.stringContaining("404"),
    });
    expect(calls.length).toBe(12);
  });

  it("refuses a tag that names no deployment", async () => {
    const { metadata } = openMetadata({ "tags/instance/windlass:deployment": "latest" });

    await expect(metadata.deployment()).rejects.toMatchObject({ code: "metadata-unavailable" });
  });
});
