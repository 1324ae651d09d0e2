import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { clientConfig, type RunningMoto, startMoto } from "@windlass/moto";
import { createSandbox, credentialsFor } from "@windlass/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listCommands } from "../../deploy-runner/test/support/read-document.ts";
import { type AwsEnvironment, motoEnvironment, runShell } from "./support/run-shell.ts";
import { exampleText } from "./support/templates.ts";

const DOCUMENT = "docs/install.md";
const region = "ap-southeast-2";
const pipeline = "111111111111";
const scratch = "222222222222";
const production = "444444444444";
const commit = "4f2a91c0d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0";

/** moto takes most of a minute for one. */
const WITHOUT_CHANGE_SET = "export CDK_METHOD=direct";

/** A command of the document: what runs it here, or why nothing does. */
type Step =
  | { readonly command: string; readonly why: string }
  | { readonly command: string; readonly needs: "moto" | "nothing"; run(command: string): Promise<void> };

const STEPS: readonly Step[] = [
  {
    command: "aws ssm put-parameter --type String --name /network/vpc --value",
    needs: "moto",
    async run(command) {
      const { Vpc } = await new EC2Client(inMoto(scratch)).send(
        new CreateVpcCommand({
          CidrBlock: "10.9.0.0/16",
          TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: "main" }] }],
        }),
      );
      await type(command, await motoAs(scratch));

      const { out } = await type("aws ssm get-parameter --name /network/vpc --output json", await motoAs(scratch));
      expect(JSON.parse(out)).toMatchObject({ Parameter: { Value: Vpc?.VpcId } });
    },
  },
  {
    command: "npm run build",
    why: "it has run: turbo builds what these tests use before them, and they read it while another build would write it",
  },
  {
    command: "export WINDLASS_MAPPING_FILE=$HOME/account-mapping/windlass.yaml",
    needs: "nothing",
    run: async (command) => void exports.push(command),
  },
  {
    command: "npx pnpm@10.34.9 --filter @windlass/infra synth",
    needs: "nothing",
    async run(command) {
      const { out } = await type(command, nowhere);
      expect(out).toContain("Successfully synthesized to");
    },
  },
  {
    command: "node apps/cli/dist/windlass.mjs isolation --templates apps/infra/cdk.out --mapping",
    needs: "nothing",
    async run(command) {
      const { out } = await type(command, nowhere);
      expect(out).toMatch(/^Examined 4 accounts: .*\nNobody reaches from one account into another\.\n$/);
    },
  },
  {
    command: `npx pnpm@10.34.9 --filter @windlass/infra exec cdk bootstrap aws://${scratch}/${region}`,
    needs: "moto",
    async run(command) {
      for (const account of [pipeline, scratch]) {
        const { out } = await type(command.replace(scratch, account), await motoAs(account));
        expect(out).toContain(`Environment aws://${account}/${region} bootstrapped`);
      }
    },
  },
  {
    command: "npx pnpm@10.34.9 --filter @windlass/infra deploy:pipeline",
    needs: "moto",
    async run(command) {
      await type(command, await motoAs(pipeline), [WITHOUT_CHANGE_SET]);

      const { repositories } = await new ECRClient(inMoto(pipeline)).send(new DescribeRepositoriesCommand({}));
      const names = (repositories ?? []).map(({ repositoryName }) => repositoryName);
      expect(names).toEqual(expect.arrayContaining(["dga-network", "dga-site", "dga-web"]));
    },
  },
  {
    command: "npx pnpm@10.34.9 --filter @windlass/infra deploy:area scratch",
    needs: "moto",
    async run(command) {
      await type(command, await motoAs(scratch), [WITHOUT_CHANGE_SET]);

      const tick = new GetFunctionConfigurationCommand({ FunctionName: "windlass-tick" });
      expect(await new LambdaClient(inMoto(scratch)).send(tick)).toMatchObject({ Runtime: "nodejs24.x" });
    },
  },
  {
    command: "node apps/cli/dist/windlass.mjs release --mapping",
    needs: "nothing",
    async run(command) {
      const sandbox = createSandbox({ region });
      const registry = sandbox.account(pipeline).ecr(region);
      registry.createRepository("dga-network");
      const digest = registry.pushImage({ repository: "dga-network" });
      const { url, close } = await sandbox.listen();
      try {
        const given = [`export DIGEST=${digest} COMMIT=${commit}`];
        await type(command, { url, region, ...credentialsFor({ account: pipeline }) }, given);
      } finally {
        await close();
      }
      expect(registry.digestOf("dga-network", "scratch")).toBe(digest);
    },
  },
  {
    command: "npx pnpm@10.34.9 --filter @windlass/infra diff area-production",
    needs: "moto",
    async run(command) {
      const { out } = await type(command, await motoAs(production));
      expect(out).toContain("[+] AWS::Lambda::Function");
    },
  },
];

/** What the reader's shell has been told to remember. */
const exports: string[] = [];
const home = mkdtempSync(join(tmpdir(), "windlass-home-"));
/** No AWS at all. */
const nowhere: AwsEnvironment = {
  url: "http://127.0.0.1:9",
  region,
  accessKeyId: "none",
  secretAccessKey: "none",
};
const moto = await startMoto();
const hasAws = spawnSync("aws", ["--version"]).status === 0;

beforeAll(() => {
  mkdirSync(join(home, "account-mapping"));
  writeFileSync(join(home, "account-mapping", "windlass.yaml"), exampleText);
});
afterAll(async () => {
  await moto.stop();
  rmSync(home, { recursive: true });
});

function inMoto(account: string) {
  return clientConfig({ url: (moto as RunningMoto).url, account, region });
}

function motoAs(account: string): Promise<AwsEnvironment> {
  return motoEnvironment({ url: (moto as RunningMoto).url, account, region });
}

/** As the reader types it, who has these variables beside what was exported before. */
function type(command: string, aws: AwsEnvironment, given: readonly string[] = []) {
  const lines = [...exports, ...given, command].map((line) => line.replaceAll("$HOME", home));
  return runShell(lines, aws);
}

describe(`the commands of ${DOCUMENT}`, { timeout: 300_000 }, () => {
  const commands = listCommands(DOCUMENT);

  it("are each run here, or have a reason why not, in the order of the document", () => {
    expect(STEPS.map(({ command }, index) => commands[index]?.slice(0, command.length))).toEqual(
      STEPS.map(({ command }) => command),
    );
    expect(commands).toHaveLength(STEPS.length);
  });

  for (const [index, step] of STEPS.entries()) {
    if ("why" in step) continue;
    it(`can be run: ${step.command}`, async (context) => {
      if (step.needs === "moto" && moto.kind === "unavailable") context.skip(moto.why);
      if (step.command.startsWith("aws ") && !hasAws) context.skip("there is no aws on the PATH that works");

      await step.run(commands[index] ?? "exit 9");
    });
  }
});
