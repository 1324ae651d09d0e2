import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { decodeJwt, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { parseAppCredentials } from "./app-credentials.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (type: "pkcs1" | "pkcs8") => privateKey.export({ type, format: "pem" }).toString();
const base64 = (text: string) => Buffer.from(text).toString("base64");
const now = new Date("2026-11-24T09:00:00Z");
const parse = (secret: unknown) =>
  parseAppCredentials(typeof secret === "string" ? secret : JSON.stringify(secret), {
    where: "secret app",
    now: () => now,
  });

describe("the App's credentials", () => {
  it.each([
    ["PKCS#1, as GitHub hands it out", pem("pkcs1")],
    ["PKCS#8", pem("pkcs8")],
    ["base64 of PKCS#1", base64(pem("pkcs1"))],
    ["base64 of PKCS#8", base64(pem("pkcs8"))],
    ["escaped line breaks", pem("pkcs1").replaceAll("\n", "\\n")],
  ])("may have their key as %s", async (_form, text) => {
    const { appId, createJwt } = parse({ appId: "123456", privateKey: text });
    const { jwt } = await createJwt(appId);

    const key = createPublicKey(publicKey.export({ type: "spki", format: "pem" }));
    await expect(jwtVerify(jwt, key, { currentDate: now, issuer: "123456" })).resolves.toBeDefined();
  });

  it.each([
    [{ appId: 123456 }, "123456"],
    [{ clientId: "Iv1.0123456789abcdef" }, "Iv1.0123456789abcdef"],
    [{ appId: "1", clientId: "Iv1.0" }, "1"],
  ])("name the App as %o does", (id, appId) => {
    expect(parse({ ...id, privateKey: pem("pkcs1") }).appId).toBe(appId);
  });

  it("sign tokens that were issued a minute ago, end in eight, and are never the same", async () => {
    const { appId, createJwt } = parse({ appId: "1", privateKey: pem("pkcs1") });
    const [one, other] = [await createJwt(appId), await createJwt(appId)];
    const seconds = now.getTime() / 1000;

    expect(decodeJwt(one.jwt)).toMatchObject({ iss: "1", iat: seconds - 60, exp: seconds + 480 });
    expect(one.expiresAt).toBe("2026-11-24T09:08:00.000Z");
    expect(one.jwt).not.toBe(other.jwt);
  });

  it("follow GitHub's clock once its difference to the machine's is known", async () => {
    const { appId, createJwt } = parse({ appId: "1", privateKey: pem("pkcs1") });
    const { exp = 0 } = decodeJwt((await createJwt(appId, -600)).jwt);

    expect(Math.abs(exp - (Date.now() / 1000 - 600 + 480))).toBeLessThan(60);
  });

  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
  it.each([
    ["text that is no JSON", "-----BEGIN", "text that is not a JSON object"],
    ["a list", "[]", "text that is not a JSON object"],
    ["no id", { privateKey: pem("pkcs1") }, "neither appId nor clientId"],
    ["an id that can not be", { appId: "a b", privateKey: pem("pkcs1") }, "neither appId nor clientId"],
    ["no key", { appId: "1" }, "no privateKey"],
    ["an empty key", { appId: "1", privateKey: "" }, "no privateKey"],
    ["half a key", { appId: "1", privateKey: pem("pkcs1").slice(0, 300) }, "a privateKey that is none"],
    ["another kind of key", { appId: "1", privateKey: elliptic.toString() }, "a key of type ec"],
    [
      "an OpenSSH key",
      { appId: "1", privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n" },
      "a privateKey that is none",
    ],
  ])("are refused with %s, which is not quoted", (_what, secret, found) => {
    expect(() => parse(secret)).toThrow(
      expect.objectContaining({ code: "credentials-malformed", where: "secret app", found }),
    );
    try {
      parse(secret);
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain(pem("pkcs1").slice(40, 80));
    }
  });
});
