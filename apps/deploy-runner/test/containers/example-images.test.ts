import { formatMapping, parseMapping } from "@windlass/account-mapping";
import { missingContainers } from "@windlass/containers";
import { type Assignment, type Ledger, parseLedger } from "@windlass/deployment";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHandler } from "../../../deploy-lambda/src/create-handler.ts";
import { type ContainerWorld, openContainerWorld, PIPELINE } from "../support/container-world.ts";
import { runCommands } from "../support/document-commands.ts";
import { readBlock } from "../support/read-document.ts";
import { ACCOUNT, BUCKET, GROUP, REGION } from "../support/records.ts";

const missing = missingContainers();

/** With the documents' own words on the images. */
function slice(): string {
  const images = DOCUMENTS.map(({ path }) => readBlock(path, "## Tell Windlass", "yaml").replaceAll(/^/gm, "  "));
  const text = `
version: 1
workload: dataGov
registry: { account: "${PIPELINE}", region: ${REGION} }
areas:
  staging: { branch: Staging, account: "${ACCOUNT}", window: { days: MON-SUN, hours: "00:00-24:00" } }
images:
${images.join("\n")}`;
  return JSON.stringify(formatMapping(parseMapping(text, { file: "windlass.yaml" })));
}

const DOCUMENTS = [
  { path: "docs/iac-image.md", image: "dga-network", state: "state/dga-network.tfstate" },
  {
    path: "examples/iac-image-entrypoint/README.md",
    image: "dga-legacy",
    state: "state/dga-legacy/store/terraform.tfstate",
  },
];

describe("an example image, built and pushed as its document says", { timeout: 180_000 }, () => {
  let world: ContainerWorld;
  beforeAll(async () => {
    if (missing !== null) return;
    world = await openContainerWorld();
    world.addRepository("dga-legacy");
  }, 600_000);
  afterAll(() => world?.close(), 120_000);
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });

  const s3 = () => world.sandbox.account(ACCOUNT).s3;
  const ledger = (): Ledger =>
    parseLedger(s3().read(BUCKET, "ledger.json")?.text ?? "none", {
      workload: "dataGov",
      area: "staging",
      account: ACCOUNT,
    });

  function openLambda() {
    const { credentials, requestHandler } = world.sandbox.clientConfig({ account: ACCOUNT, role: "windlass-deploy" });
    return createHandler({
      env: {
        WINDLASS_AREA: "staging",
        WINDLASS_MAPPING: slice(),
        WINDLASS_STATE_BUCKET: BUCKET,
        WINDLASS_DEPLOY_GROUP: GROUP,
      },
      clients: { credentials, requestHandler, maxAttempts: 1 },
      logTo: { write: () => {} },
    });
  }

  async function assignmentOf(image: string): Promise<Assignment> {
    const deployment = Object.values(ledger().deployments).find(
      (one) => one.image === image && one.state === "launching",
    );
    const reading = await world.store.readAssignment(deployment?.id ?? ("none" as Assignment["deployment"]));
    if (reading.kind !== "present") throw new Error(`no assignment for ${image}: ${reading.kind}`);
    return reading.value;
  }

  it.each(DOCUMENTS)("deploys on the first try: $path", async ({ path, image, state }) => {
    const tick = openLambda();
    await runCommands(world, path, "## Build and push it");

    expect(await tick()).toMatchObject({ launched: [{ image }] });
    const runner = await world.startRunner(await assignmentOf(image));
    expect(await runner.exit, runner.said()).toBe(0);
    expect(runner.result(), runner.said()).toMatchObject({ outcome: "succeeded" });
    await tick();

    expect(ledger().images[image]?.live?.digest).toBe(runner.result()?.digest);
    expect(JSON.parse(s3().read(BUCKET, state)?.text ?? "null")).toMatchObject({
      outputs: { network: { value: { name: "network-staging" } } },
    });
  });
});
