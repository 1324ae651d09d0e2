import { type DeploymentId, deploymentIdSchema } from "@windlass/deployment";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadHolder, describeLock, findStateLock, type StateLock } from "./state-lock.ts";

const HOLDER = "20261124t090000z-7";
const ID = "5ac1d4e8-7f26-a0ee-0d6f-8b7f6d3c5e21";

/** As Terraform 1.11 prints it without colour; OpenTofu's text is the same but for the last paragraph. */
const TERRAFORM = `Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error
StatusCode: 412, RequestID: 3X, HostID: , api error PreconditionFailed: At
least one of the pre-conditions you specified did not hold
Lock Info:
  ID:        ${ID}
  Path:      windlass-state-333333333333/state/dga-network.tfstate
  Operation: OperationTypeApply
  Who:       root@${HOLDER}
  Version:   1.11.4
  Created:   2026-11-24 09:01:12.123456789 +0000 UTC
  Info:      

Terraform acquires a state lock to protect the state from being written
by multiple users at the same time.`;

const TOFU = TERRAFORM.replace("Version:   1.11.4", "Version:   1.10.6").replace(
  "Terraform acquires",
  "OpenTofu acquires",
);

describe("findStateLock", () => {
  it.each([
    ["Terraform", TERRAFORM],
    ["OpenTofu", TOFU],
    ["a program with the line ends of another system", TERRAFORM.replaceAll("\n", "\r\n")],
    ["a program behind another error", `Error: no\n\n  ID: 4711\n  Who: ada@desk\n\n${TERRAFORM}`],
    [
      "a backend that can not unlock",
      TERRAFORM.replace("Error acquiring the", "Error locking state: Error acquiring the"),
    ],
  ])("reads who holds it in the words of %s", (_, message) => {
    expect(findStateLock(message)).toEqual({
      id: ID,
      who: `root@${HOLDER}`,
      host: HOLDER,
      created: "2026-11-24 09:01:12.123456789 +0000 UTC",
    });
  });

  it.each([
    ["nothing was said", null],
    ["something else was said", "Error: no such thing\n\n  ID: 1\n  Who: root@desk"],
    ["the lock has no id", TERRAFORM.replace(/^ {2}ID:.*$/m, "")],
    ["the lock's id is empty", TERRAFORM.replace(ID, "")],
    ["the lock has no holder", TERRAFORM.replace(/^ {2}Who:.*$/m, "")],
    ["the id would be an option", TERRAFORM.replace(ID, "-help")],
    ["the id is more than one word", TERRAFORM.replace(ID, "a b")],
    ["the id is a path", TERRAFORM.replace(ID, "../../x")],
    ["the id is endless", TERRAFORM.replace(ID, "a".repeat(5_000))],
  ])("finds none where %s", (_, message) => {
    expect(findStateLock(message)).toBeNull();
  });

  it("takes the number of a lock in Google's storage", () => {
    expect(findStateLock(TERRAFORM.replace(ID, "1732438872123456"))?.id).toBe("1732438872123456");
  });

  it("takes a holder without a user's name, and one with more than one @", () => {
    expect(findStateLock(TERRAFORM.replace("root@", "@"))?.host).toBe(HOLDER);
    expect(findStateLock(TERRAFORM.replace("root@", "ada@example.org@"))?.host).toBe(HOLDER);
  });

  it("never throws, and never takes an id that could be an option", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (id, rest) => {
        const lock = findStateLock(`${TERRAFORM.replace(ID, () => id)}${rest}`);

        expect(lock?.id ?? "none").toMatch(/^[A-Za-z0-9][A-Za-z0-9-]*$/);
      }),
    );
  });
});

describe("deadHolder", () => {
  const lock: StateLock = { id: ID, who: `root@${HOLDER}`, host: HOLDER, created: null };
  const dead = (...ids: string[]): DeploymentId[] => ids.map((id) => deploymentIdSchema.parse(id));

  it("is the deployment that EC2 has confirmed dead", () => {
    expect(deadHolder(lock, dead("20261124t080000z-6", HOLDER))).toBe(HOLDER);
  });

  it.each([
    ["no deployment is confirmed dead", lock, dead()],
    ["another one is", lock, dead("20261124t080000z-6")],
    ["it only begins alike", { ...lock, host: `${HOLDER}1` }, dead(HOLDER)],
    ["only the user has its name", { ...lock, host: "desk", who: `${HOLDER}@desk` }, dead(HOLDER)],
  ])("is nobody where %s", (_, held, confirmed) => {
    expect(deadHolder(held, confirmed)).toBeNull();
  });
});

describe("describeLock", () => {
  const lock: StateLock = { id: ID, who: "ada@desk", host: "desk", created: "2026-11-24 09:01:12.1 +0000 UTC" };
  const at = (time: string) => Date.parse(`2026-11-24T${time}Z`);

  it.each([
    ["09:06:12", "ada@desk since 2026-11-24 09:01:12 UTC (for 5 min)"],
    ["12:31:12", "ada@desk since 2026-11-24 09:01:12 UTC (for 4 h)"],
    // Somebody's clock is wrong.
    ["08:00:00", "ada@desk since 2026-11-24 09:01:12 UTC (for 0 min)"],
  ])("tells at %s how old it is", (time, expected) => {
    expect(describeLock(lock, at(time))).toBe(expected);
  });

  it.each([null, "yesterday", "2026-99-24 09:01:12 +0000 UTC"])(
    "tells only the holder of a lock made %s",
    (created) => {
      expect(describeLock({ ...lock, created }, at("09:06:12"))).toBe("ada@desk");
    },
  );
});
