import { describe, expect, it } from "vitest";
import { eachContainerWorld } from "../support/each-container-world.ts";
import { ACCOUNT, BUCKET } from "../support/records.ts";

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
});
