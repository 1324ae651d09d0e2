import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accessKeyFor, credentialsFor, readCaller } from "./caller.ts";

describe("access keys", () => {
  it("name an account's user or a role's session", () => {
    expect(readCaller("111111111111")).toEqual({
      account: "111111111111",
      role: null,
      session: null,
      arn: "arn:aws:iam::111111111111:user/sandbox",
    });
    expect(readCaller("111111111111.deployer.i-0abc")).toMatchObject({
      role: "deployer",
      session: "i-0abc",
      arn: "arn:aws:sts::111111111111:assumed-role/deployer/i-0abc",
    });
  });

  it("carry every name that IAM allows", () => {
    const name = fc.stringMatching(/^[\w+=,.@-]{2,64}$/);

    return fc.assert(
      fc.property(name, name, (role, session) => {
        expect(readCaller(accessKeyFor({ account: "111111111111", role, session }))).toMatchObject({ role, session });
      }),
    );
  });

  it.each(["", "AKIAIOSFODNN7EXAMPLE", "11111111111", "111111111111.role", "111111111111.r o.session", "1.2.3.4"])(
    "stand for nobody when they are %j",
    (key) => {
      expect(readCaller(key)).toBeNull();
    },
  );

  it("are not made for what can not exist", () => {
    expect(() => credentialsFor({ account: "1234" })).toThrow("no such identity can exist");
    expect(() => credentialsFor({ account: "111111111111", role: "a/b" })).toThrow("no such identity can exist");
  });
});
