import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { clientConfig, type RunningMoto, startMoto } from "@windlass/moto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createSandbox, virtualClock } from "../src/index.ts";
import { production, scratch } from "./ways-in.ts";

const moto = await startMoto();
afterAll(() => moto.stop());

const worlds = [
  {
    title: "the sandbox",
    missing: false,
    open: () => new SecretsManagerClient({ ...createSandbox().clientConfig({ account: scratch }), maxAttempts: 1 }),
  },
  {
    title: moto.title,
    missing: moto.kind === "unavailable",
    open: () => new SecretsManagerClient(clientConfig({ url: (moto as RunningMoto).url, account: scratch })),
  },
];

describe.each(worlds)("Secrets Manager as $title has it", ({ missing, open }) => {
  describe.skipIf(missing)("a secret", () => {
    let secrets: SecretsManagerClient;
    let arn: string;
    let name: string;
    beforeEach(async () => {
      secrets = open();
      name = `windlass/github-app-${Math.random().toString(36).slice(2)}`;
      const made = await secrets.send(new CreateSecretCommand({ Name: name, SecretString: "one" }));
      arn = made.ARN ?? "";
    });

    it("is read by its name and by its ARN", async () => {
      for (const SecretId of [name, arn]) {
        const value = await secrets.send(new GetSecretValueCommand({ SecretId }));
        expect(value).toMatchObject({ Name: name, ARN: arn, SecretString: "one", VersionStages: ["AWSCURRENT"] });
      }
    });

    it("keeps the version before the current one", async () => {
      await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: "two" }));

      const current = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
      const previous = await secrets.send(new GetSecretValueCommand({ SecretId: name, VersionStage: "AWSPREVIOUS" }));
      expect([current.SecretString, previous.SecretString]).toEqual(["two", "one"]);
    });

    it("is not made twice", async () => {
      const again = secrets.send(new CreateSecretCommand({ Name: name, SecretString: "x" }));

      await expect(again).rejects.toMatchObject({ name: "ResourceExistsException" });
    });

    it("is not to be read once it is to be deleted", async () => {
      await secrets.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }));

      const read = secrets.send(new GetSecretValueCommand({ SecretId: name }));
      await expect(read).rejects.toMatchObject({ name: "InvalidRequestException" });
    });

    it("is not found where there is none", async () => {
      const read = secrets.send(new GetSecretValueCommand({ SecretId: "none" }));

      await expect(read).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    });
  });
});

describe("Secrets Manager, stricter than others", () => {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 9));
  const sandbox = createSandbox({ clock });
  const client = (account: string) =>
    new SecretsManagerClient({ ...sandbox.clientConfig({ account }), maxAttempts: 1 });
  const secrets = client(scratch);
  const own = sandbox.account(scratch).secrets();
  const arn = own.put("app", "one");

  it("is set and read directly, too", async () => {
    expect(own.read("app")).toBe("one");
    expect(own.read("none")).toBeNull();
    own.put("app", "two");

    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: "app" }));
    const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: "app" }));
    expect(SecretString).toBe("two");
    expect(
      Object.values(VersionIdsToStages ?? {})
        .flat()
        .sort(),
    ).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
  });

  it("takes an ARN without its six random characters", async () => {
    const SecretId = arn.replace(/-[0-9a-f]{6}$/, "");

    expect(await secrets.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ ARN: arn });
  });

  it("refuses another account's secret, which has no policy", async () => {
    const foreign = client(production).send(new GetSecretValueCommand({ SecretId: arn }));

    await expect(foreign).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("tells a version that is not there from a secret that is not", async () => {
    const read = secrets.send(new GetSecretValueCommand({ SecretId: "app", VersionStage: "OTHER" }));

    await expect(read).rejects.toThrow("staging label: OTHER");
  });

  it("holds binary values apart from text", async () => {
    const SecretBinary = new TextEncoder().encode("bytes");
    await secrets.send(new CreateSecretCommand({ Name: "binary", SecretBinary }));

    const value = await secrets.send(new GetSecretValueCommand({ SecretId: "binary" }));
    expect(value.SecretString).toBeUndefined();
    expect(new TextDecoder().decode(value.SecretBinary)).toBe("bytes");
  });

  it.each([
    [{ Name: "both", SecretString: "a", SecretBinary: new Uint8Array([1]) }, "InvalidParameterException"],
    [{ Name: "long", SecretString: "x".repeat(65_537) }, "ValidationException"],
    [{ Name: "a b", SecretString: "x" }, "ValidationException"],
  ])("refuses to make %o", async (input, name) => {
    await expect(secrets.send(new CreateSecretCommand(input))).rejects.toMatchObject({ name });
  });

  it("lets go of a secret when its recovery window is over", async () => {
    own.put("going", "x");
    await secrets.send(new DeleteSecretCommand({ SecretId: "going", RecoveryWindowInDays: 7 }));
    const again = secrets.send(new CreateSecretCommand({ Name: "going", SecretString: "y" }));
    await expect(again).rejects.toMatchObject({ name: "InvalidRequestException" });
    await clock.advance(7 * 24 * 60 * 60_000);

    const made = await secrets.send(new CreateSecretCommand({ Name: "going", SecretString: "y" }));
    expect(made.Name).toBe("going");
    const forced = { SecretId: "going", ForceDeleteWithoutRecovery: true };
    await secrets.send(new DeleteSecretCommand(forced));
    const read = secrets.send(new GetSecretValueCommand({ SecretId: "going" }));
    await expect(read).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const short = secrets.send(new DeleteSecretCommand({ SecretId: "app", RecoveryWindowInDays: 3 }));
    await expect(short).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("wants a value for a new version", async () => {
    const put = secrets.send(new PutSecretValueCommand({ SecretId: "app" }));

    await expect(put).rejects.toMatchObject({ name: "InvalidRequestException" });
  });
});
