import { CONTAINER_HOST } from "@windlass/containers";
import { describe, expect, it } from "vitest";
import { eachContainerWorld } from "../support/each-container-world.ts";
import { ACCOUNT, APPLY_ROLE_NAME, BUCKET } from "../support/records.ts";

const MEGABYTE = 1_048_576;

/** A secret in two writes, then 24 MB, then another secret and the end. */
const TALK = `#!/bin/sh
printf 'password = "hun'
busybox sleep 0.7
printf 'ter2"\\nkey AKIAIOSF'
busybox sleep 0.7
printf 'ODNN7EXAMPLE\\n'
echo "token $AWS_CONTAINER_AUTHORIZATION_TOKEN"
echo beginning
busybox yes 'a line of some length that is written again and again, until it is too long' | busybox head -c ${24 * MEGABYTE}
printf '\\npassword = "swordfish"\\nthe end\\n'
`;

/** Prints the secret key of two sessions, alone, and fails with the second. The sums say that they are two. */
const LEAK = `#!/bin/sh
secret() {
  busybox wget -q -O - --header "authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" \\
    "http://${CONTAINER_HOST}$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" | busybox sed 's/.*"SecretAccessKey":"\\([^"]*\\)".*/\\1/'
}
tell() { echo "got $1"; echo "sum $(echo "$1" | busybox md5sum)"; }
first=$(secret)
tell "$first"
busybox sleep 4
second=$(secret)
tell "$second"
echo "Error: refused for $second" >&2
exit 1
`;

describe("the log of a container", { timeout: 120_000 }, () => {
  const world = eachContainerWorld();

  it("keeps beginning and end where it is long, says so, and has no secret, in however many pieces it came", async () => {
    const digest = world().pushImage({ "talk.sh": TALK }, { runtime: { Entrypoint: ["/module/talk.sh"] } });

    const runner = await world().boot({ digest, entrypoint: ["apply"] });

    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result()).toMatchObject({ outcome: "succeeded" });
    const { s3 } = world().sandbox.account(ACCOUNT);
    const keys = s3.keys(BUCKET, `runs/${runner.assignment.deployment}/entrypoint/`);
    const log = keys.map((key) => s3.read(BUCKET, key)?.text).join("");
    expect(log.slice(0, 200)).toMatch(
      /^password = \[redacted value\]\nkey \[redacted AWS access key\]\ntoken \[redacted[^\n]*\]\nbeginning\n/,
    );
    expect(log.slice(-100)).toMatch(/\npassword = \[redacted value\]\nthe end\n$/);
    // Not all of it is shown where this fails.
    expect(/.*(?:hun|ter2|AKIA|ODNN7|swordfish|[0-9a-f]{64}).*/.exec(log)?.[0]).toBeUndefined();
    const notice = "[windlass: this log is long; the rest of it is stored when the step has ended]";
    expect(log.includes(notice)).toBe(true);
    const [, leftOut = "0"] = /\[windlass: (\d+) bytes are left out here\]/.exec(log) ?? [];
    expect(Number(leftOut)).toBeGreaterThan(3.5 * MEGABYTE);
    expect(log.length).toBeLessThan(20.5 * MEGABYTE);
    expect(log.length).toBeGreaterThan(19 * MEGABYTE);
  });

  it("has nothing of what the credentials endpoint hands out, also after a renewal, and neither has the report", async () => {
    world().sandbox.account(ACCOUNT).sts.trust({ role: APPLY_ROLE_NAME, endSessionsAfterSeconds: 4 });
    const digest = world().pushImage({ "leak.sh": LEAK }, { runtime: { Entrypoint: ["/module/leak.sh"] } });

    const runner = await world().boot({ digest, entrypoint: ["apply"], state: "image" });

    expect(await runner.exit, runner.said()).toBe(0);
    const { deployment } = runner.assignment;
    const log = await world().store.readLog({ deployment, step: "entrypoint" });
    expect(log.match(/^got .*/gm)).toEqual(["got [redacted credential]", "got [redacted credential]"]);
    expect(new Set(log.match(/^sum .*/gm)).size).toBe(2);
    expect(runner.result()?.failure?.message).toBe("Error: refused for [redacted credential]");
  });
});
