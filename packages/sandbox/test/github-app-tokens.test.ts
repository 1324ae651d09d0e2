import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { openGitHub } from "./open-github.ts";

const FAR = "'Expiration time' claim ('exp') is too far in the future";
const OVER =
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
const ISSUED = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
const UNREADABLE = "A JSON web token could not be decoded";

interface Claims {
  readonly iat?: number | string;
  readonly exp?: number;
}

describe("an App's JSON web token", () => {
  const opened = openGitHub();
  const now = Math.floor(opened.clock.now() / 1000);

  async function ask(claims: Claims, algorithm = "RS256") {
    const { app, github, sandbox } = opened;
    const key = algorithm === "HS256" ? Buffer.from(app.privateKey) : createPrivateKey(app.privateKey);
    const token = await new SignJWT({ iss: String(app.id), ...claims } as never)
      .setProtectedHeader({ alg: algorithm })
      .sign(key);
    const response = await sandbox.fetch(`${github.apiUrl}/app`, { headers: { authorization: `Bearer ${token}` } });
    return [response.status, ((await response.json()) as { message?: string }).message];
  }

  it.each<[string, Claims, readonly unknown[]]>([
    ["lives for ten minutes at most", { iat: now, exp: now + 600 }, [200, undefined]],
    ["may not live for longer", { iat: now, exp: now + 601 }, [401, FAR]],
    ["must not be over", { iat: now - 60, exp: now }, [401, OVER]],
    ["must say when it is over", { iat: now }, [401, OVER]],
    ["is not from the future", { iat: now + 1, exp: now + 60 }, [401, ISSUED]],
    ["must say since when it is", { exp: now + 60 }, [401, ISSUED]],
    ["says so in whole seconds", { iat: now - 0.5, exp: now + 60 }, [401, ISSUED]],
  ])("%s", async (_, claims, answer) => {
    expect(await ask(claims)).toEqual(answer);
  });

  it("is signed with RSA, whatever it says itself", async () => {
    expect(await ask({ iat: now, exp: now + 60 }, "HS256")).toEqual([401, UNREADABLE]);
    expect(await ask({ iat: now, exp: now + 60 }, "RS512")).toEqual([401, UNREADABLE]);
  });
});
