import { DeleteBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { areasText, openAreas } from "./areas/open-areas.ts";

const account = "333333333333";
const bucket = "windlass-state-333333333333-ap-southeast-2";

/** Staging as it should be, its registry open to people, and nothing sent to GitHub. */
async function openFine({ mapping = areasText().replace(/github: .*\n/, "") } = {}) {
  const areas = openAreas({ mapping, openRegistry: true });
  for (const image of ["dga-network", "dga-site", "dga-web"]) areas.push(image, "staging", "a".repeat(40));
  await areas.tick("staging");
  const own = areas.sandbox.account(account);
  const doctor = (...args: readonly string[]) => areas.run("doctor", "--area", "staging", ...args);
  return { ...areas, own, doctor };
}

describe("windlass doctor", () => {
  it("says that all is well, and of what", async () => {
    const { doctor } = await openFine();

    expect(await doctor()).toEqual({
      code: 0,
      error: "",
      out: `ok       account 333333333333: the credentials are of arn:aws:sts::333333333333:assumed-role/operator/kim
ok       bucket ${bucket}: it is there
ok       bucket ${bucket}: versions: every version of ledger and state is kept
ok       bucket ${bucket}: encryption: encrypted at rest (AES256)
ok       bucket ${bucket}: public access: blocked in all four ways
ok       bucket ${bucket}: TLS: its policy refuses requests without TLS
ok       registry 111111111111 ap-southeast-2: 3 repositories could be looked at
ok       deploy group windlass-deploy: 0 to 1, capacity 1, 0 instances, nothing suspended
ok       schedule windlass-always: rate(15 minutes) (UTC)
ok       schedule windlass-window-1: cron(* 9-16 ? * MON-FRI *) (UTC)
ok       ticks: the last tick that changed something was 0s ago; the window is open
ok       topic windlass-start: it is there
ok       topic windlass-finished: it is there
ok       topic windlass-error: it is there
ok       GitHub: the mapping sends no reports there

staging is set up.
`,
    });
  });

  it("tells each thing that is wrong, with its mend", async () => {
    const { doctor, own, control, clock } = await openFine();
    own.autoScaling().suspend("windlass-deploy", ["Launch"]);
    own.schedules().put({ group: "windlass", name: "windlass-always", expression: "rate(15 minutes)", enabled: false });
    own.schedules().remove("windlass", "windlass-window-1");
    await control("staging", { kind: "unhold", image: "dga-web" });
    await clock.advance(60 * 60_000);

    const { code, out } = await doctor();

    expect(code).toBe(1);
    expect(out).toContain(`PROBLEM  deploy group windlass-deploy: suspended: Launch (group-suspended)
         -> aws autoscaling resume-processes --auto-scaling-group-name windlass-deploy\n`);
    expect(out).toContain("PROBLEM  schedule windlass-always: it is disabled: no ticks (schedule-disabled)\n");
    expect(out).toContain("PROBLEM  schedule windlass-window-1: there is no such schedule (schedule-missing)\n");
    expect(out).toContain("PROBLEM  ticks: a control waits for longer than the slowest schedule takes;");
    expect(out).toContain("\n4 problems.\n");
  });

  it("tells what the bucket lacks", async () => {
    const mapping = areasText()
      .replace(/github: .*\n/, "")
      .replace("branch: Staging,", "branch: Staging, infra: { bucket: bare-bucket },");
    const { run, sandbox } = openAreas({ mapping, openRegistry: true });
    const { s3 } = sandbox.account(account);
    const missing = openAreas({
      mapping: mapping.replace("bare-bucket", "other-bucket"),
      openRegistry: true,
    });
    s3.createBucket("bare-bucket", { publicAccess: "unset" });
    const client = new S3Client(missing.sandbox.clientConfig({ account }));
    await client.send(new DeleteBucketCommand({ Bucket: "other-bucket" }));

    const { out } = await run("doctor", "--area", "staging");
    const gone = await missing.run("doctor", "--area", "staging");

    for (const code of ["versioning-missing", "public-access-missing", "tls-only-missing", "never-ticked"]) {
      expect(out).toContain(`(${code})`);
    }
    expect(gone).toMatchObject({ code: 1, out: expect.stringContaining("there is no such bucket (bucket-missing)") });
  });

  it("says what one's own rights do not reach, which is no fault", async () => {
    const { sandbox, own, run } = await openFine();
    own.s3.deny({ role: "operator", actions: ["GetBucketPolicy", "GetPublicAccessBlock"] });
    sandbox.faults.add({ kind: "error-before", service: "sns", code: "AuthorizationError", status: 403, times: 10 });
    sandbox.faults.add({
      kind: "error-before",
      service: "scheduler",
      code: "AccessDeniedException",
      status: 403,
      times: 10,
    });

    const { code, out } = await run("doctor", "--area", "staging");

    expect(code).toBe(0);
    expect(out).toContain(`?        bucket ${bucket}: TLS: it could not be looked at: you may not (not-permitted)
         -> it takes s3:GetBucketPolicy\n`);
    expect(out).toContain(
      "?        schedule windlass-always: it could not be looked at: you may not (not-permitted)\n",
    );
    expect(out).toContain("?        topic windlass-start: it could not be looked at: you may not (not-permitted)\n");
    expect(out).toContain("\nstaging is set up.\n");
  });

  it("knows that repositories usually let in the areas' roles alone", async () => {
    const areas = openAreas();
    await areas.tick("staging");

    const { out } = await areas.run("doctor", "--area", "staging");

    expect(out).toContain(
      "?        registry 111111111111 ap-southeast-2: dga-network, dga-site, dga-web: you may not look;",
    );
  });

  it("warns of an image without the area's tag, and of a paused area", async () => {
    const { doctor, registry, control, tick } = await openFine();
    registry.untag("dga-web", "staging");
    await control("staging", { kind: "pause" });
    await tick("staging");

    const { code, out } = await doctor();

    expect(code).toBe(0);
    expect(out).toContain("WARNING  image dga-web: no image carries this area's tag (tag-missing)\n");
    expect(out).toContain(`WARNING  ticks: the area is paused by kim: a test (paused)
         -> windlass resume --area staging --reason "..."\n`);
  });

  it("looks at the GitHub App with the area's own secret", async () => {
    const { doctor, own, sandbox } = await openFine({ mapping: areasText() });
    const missing = await doctor();
    const app = sandbox.github.createApp();
    for (const name of ["dga-network", "dga-site-iac", "dga-web"]) sandbox.github.createRepository("AusDTO", name);
    sandbox.github.install(app, { owner: "AusDTO" });
    own.secrets().put("windlass/github-app", JSON.stringify({ appId: String(app.id), privateKey: app.privateKey }));

    const { code, out } = await doctor("--json");

    expect(missing).toMatchObject({ code: 1, out: expect.stringContaining("(secret-missing)") });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, area: "staging" });
    expect(out).toContain("GitHub knows the App windlass");
  });

  it("can not begin with credentials of another account", async () => {
    const { run } = openAreas({ env: { WINDLASS_PROFILE_STAGING: "production" } });

    expect(await run("doctor", "--area", "staging")).toMatchObject({
      code: 5,
      error: expect.stringContaining("(wrong-account)"),
    });
  });
});
