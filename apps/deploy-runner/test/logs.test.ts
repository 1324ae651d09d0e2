import { describe, expect, it } from "vitest";
import { loadConfig } from "../src/config.ts";
import { ACCOUNT, BUCKET, DEPLOYMENT } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { openWorld, type World } from "./support/world.ts";

/** As they are where nobody has set them. */
const { timings } = loadConfig({
  WINDLASS_AREA: "staging",
  WINDLASS_ACCOUNT: ACCOUNT,
  AWS_REGION: "ap-southeast-2",
  WINDLASS_STATE_BUCKET: BUCKET,
  WINDLASS_DEPLOY_GROUP: "windlass-deploy",
  WINDLASS_WORK_DIRECTORY: "/var/lib/windlass",
  WINDLASS_ENGINE: "directory",
  WINDLASS_MODULES: "/opt/modules",
});

function stored({ sandbox }: World): string {
  const { s3 } = sandbox.account(ACCOUNT);
  const keys = s3.keys(BUCKET, `runs/${DEPLOYMENT}/apply/`);
  return keys.map((key) => s3.read(BUCKET, key)?.text).join("");
}

describe("the log of a step that goes on", () => {
  it("is in the bucket at most 5 seconds after it was written, also where the bucket is slow", async () => {
    const world = await openWorld();
    world.sandbox.faults.add({
      ...{ kind: "latency", ms: 900, service: "s3", action: "PutObject" },
      match: ({ input }) => String(input["Key"]).endsWith(".log"),
    });
    const writtenAt = new Map<string, number>();
    const speak: StepScript = async (terminal) => {
      for (const pause of [0, 0.3, 3.9, 4, 4.1, 7, 1, 1, 1, 1, 1, 0.5]) {
        await terminal.sleep(pause);
        const line = `line ${writtenAt.size};`;
        writtenAt.set(line, world.clock.now());
        terminal.out(`${line}\n`);
      }
      await terminal.sleep(60);
      return exited(0);
    };
    const runner = world.run({ script: { steps: { apply: speak } }, settings: { timings } });
    const late: string[] = [];

    for (let tick = 0; tick < 600; tick += 1) {
      await world.pass(0.1);
      const there = stored(world);
      for (const [line, at] of writtenAt) {
        if (world.clock.now() - at >= 5_000 && !there.includes(line)) late.push(`${line} at ${world.clock.now() - at}`);
      }
    }

    expect(late).toEqual([]);
    expect(writtenAt.size).toBe(12);
    await world.end(runner);
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });
});
