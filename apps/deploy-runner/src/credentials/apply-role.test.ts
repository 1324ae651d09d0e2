import { STSClient } from "@aws-sdk/client-sts";
import { createSandbox, type Fault, virtualClock } from "@windlass/sandbox";
import { describe, expect, it } from "vitest";
import type { RunnerLog } from "../ports.ts";
import { createApplyRole } from "./apply-role.ts";

const ACCOUNT = "333333333333";
const ARN = `arn:aws:iam::${ACCOUNT}:role/windlass/windlass-apply-staging`;
const SESSION = "20261124t090000z-7";
const MINUTE = 60_000;

function openRole(change: { readonly account?: string } = {}) {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 9));
  const sandbox = createSandbox({ clock });
  const identity = { account: change.account ?? ACCOUNT, role: "windlass-deploy", session: "i-1" };
  const client = new STSClient({ ...sandbox.clientConfig(identity), maxAttempts: 1 });
  const logged: string[] = [];
  const note = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: RunnerLog = { info: note, warn: note, error: note };
  const options = { client, arn: ARN, session: SESSION, policy: '{"Version":"2012-10-17"}', log, now: clock.now };
  return {
    clock,
    sandbox,
    logged,
    role: createApplyRole(options),
    assumed: () => sandbox.calls.entries.filter(({ action }) => action === "AssumeRole"),
    fail: (fault: Partial<Fault> = {}) =>
      sandbox.faults.add({ kind: "error-before", service: "sts", action: "AssumeRole", status: 503, ...fault }),
  };
}

describe("the apply role", () => {
  it("is assumed for an hour, as a session that is named by the deployment, with its policy", async () => {
    const { role, assumed } = openRole();

    const { expiration, accessKeyId } = await role.credentials();

    expect(expiration.toISOString()).toBe("2026-11-24T10:00:00.000Z");
    expect(accessKeyId).toBe(`${ACCOUNT}.windlass-apply-staging.${SESSION}`);
    expect(assumed()).toMatchObject([
      {
        input: {
          RoleArn: ARN,
          RoleSessionName: SESSION,
          DurationSeconds: "3600",
          Policy: '{"Version":"2012-10-17"}',
        },
      },
    ]);
  });

  it("is assumed once for all who ask before the answer is there", async () => {
    const { role, assumed } = openRole();

    const all = await Promise.all([role.credentials(), role.credentials(), role.credentials()]);

    expect(new Set(all).size).toBe(1);
    expect(assumed()).toHaveLength(1);
  });

  it("is renewed when two thirds of its time are over, and not before", async () => {
    const { role, clock, assumed } = openRole();
    const first = await role.credentials();
    await clock.advance(40 * MINUTE - 1);
    expect(await role.credentials()).toBe(first);

    await clock.advance(1);
    const second = await role.credentials();

    expect(assumed()).toHaveLength(2);
    expect(second.expiration.toISOString()).toBe("2026-11-24T10:40:00.000Z");
    expect(second.sessionToken).not.toBe(first.sessionToken);
  });

  it("gives what it has, as long as it is valid, while it can not be renewed", async () => {
    const { role, clock, fail, assumed } = openRole();
    const first = await role.credentials();
    const mend = fail();
    await clock.advance(60 * MINUTE - 1);

    expect(await role.credentials()).toBe(first);
    await clock.advance(1);
    await expect(role.credentials()).rejects.toMatchObject({ code: "role-refused" });

    mend();
    expect((await role.credentials()).expiration.toISOString()).toBe("2026-11-24T11:00:00.000Z");
    expect(assumed()).toHaveLength(4);
  });

  it("is refused, with what to mend, where it does not trust the instance role", async () => {
    const { role } = openRole({ account: "444444444444" });

    await expect(role.credentials()).rejects.toMatchObject({
      code: "role-refused",
      where: ARN,
      retryable: false,
      found: expect.stringContaining("not authorized to perform: sts:AssumeRole"),
      hint: expect.stringContaining("must trust the instance role"),
    });
  });

  it.each<Partial<Fault>>([{ status: 503 }, { code: "ECONNRESET" }, { kind: "throttle" }])(
    "may be had another time where STS does not answer: %j",
    async (fault) => {
      const { role, fail } = openRole();
      fail(fault);

      await expect(role.credentials()).rejects.toMatchObject({ code: "role-refused", retryable: true });
    },
  );

  it("logs until when it is valid, and nothing of its secrets", async () => {
    const { role, logged } = openRole();

    const { secretAccessKey, sessionToken } = await role.credentials();

    expect(logged).toEqual([expect.stringContaining("2026-11-24T10:00:00.000Z")]);
    expect(logged.join("")).not.toContain(sessionToken);
    expect(logged.join("")).not.toContain(`"${secretAccessKey}"`);
  });
});
