import { ACCOUNT, type Answer, type Envelope, type SandboxWorld } from "../sandbox-world.ts";
import { request } from "../seeds/write-request.ts";
import { promise } from "../target.ts";
import { requestTarget } from "./request-target.ts";

const TTL = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN = "x-aws-ec2-metadata-token";
const INSTANCE = "/_instance/{instance}/latest";
const LAUNCH_MS = 120_000;
const LONGEST_SECONDS = 21_600;

/** The metadata service of one instance: tokens, and what is read with them. */
export const metadataTarget = requestTarget(
  "metadata",
  [
    request({ method: "PUT", path: `${INSTANCE}/api/token`, headers: { [TTL]: "60" } }),
    request({ method: "PUT", path: `${INSTANCE}/api/token`, headers: { [TTL]: "21600" } }),
    read("meta-data/instance-id"),
    read("meta-data/tags/instance/"),
    read("meta-data/tags/instance/windlass%3Adeployment"),
    read("meta-data/iam/security-credentials/deployer"),
    read("dynamic/instance-identity/document"),
    read(""),
  ],
  { prepare: launch, reaches: ({ path }) => path.startsWith("/_instance/"), check: checkTold },
);

function read(path: string): string {
  return request({ path: `${INSTANCE}/${path}`, headers: { [TOKEN]: "{token}" } });
}

async function launch({ sandbox, clock, send }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  const account = sandbox.account(ACCOUNT);
  account.ec2().createLaunchTemplate("deploy", { profile: "deployer", metadataTags: true });
  const tags = { "windlass:deployment": "d-1" };
  account.autoScaling().createGroup("deploy", { desired: 1, launchTemplate: "deploy", tags });
  await clock.advance(LAUNCH_MS);
  const instance = account.autoScaling().group("deploy")?.instances[0]?.id;
  promise(instance !== undefined, "an instance is launched");
  const path = `/_instance/${instance}/latest/api/token`;
  const answer = await send({ method: "PUT", path, query: {}, headers: { [TTL]: "21600" }, body: "" });
  return { instance, token: answer.body.toString("utf8") };
}

async function checkTold(world: SandboxWorld, envelope: Envelope, { headers, body }: Answer): Promise<void> {
  const { method, path } = envelope;
  const told = body.toString("utf8");
  const seconds = headers[TTL] ?? "";
  promise(/^\d+$/.test(seconds) && Number(seconds) <= LONGEST_SECONDS, "a token has a time that it can have", seconds);
  if (method === "PUT") {
    promise(
      seconds === envelope.headers[TTL],
      "a token lives as long as was asked, in decimal digits",
      envelope.headers,
    );
    const path = `${envelope.path.replace(/\/latest\/.*/, "")}/latest/meta-data/instance-id`;
    const { status } = await world.send({ method: "GET", path, query: {}, headers: { [TOKEN]: told }, body: "" });
    promise(status === 200, "a token that was given opens the instance's metadata", status);
    return;
  }
  const others = { ...envelope, headers: {} };
  promise((await world.send(others)).status === 401, "nothing is told without a token", path);
  if (!path.endsWith("/")) return;
  for (const name of told.split("\n")) {
    const { status } = await world.send({
      ...envelope,
      path: `${path}${encodeURIComponent(name).replaceAll("%2F", "/")}`,
    });
    promise(status === 200, "what a directory lists can be read", name);
  }
}
