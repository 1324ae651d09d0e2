import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../src/index.ts";
import { hasProgram, type Ran, run } from "./programs.ts";
import { scratch } from "./ways-in.ts";

const program = ["terraform", "tofu"].find(hasProgram);
const minute = 60_000;

const configuration = `
terraform {
  backend "s3" {
    bucket       = "state"
    key          = "terraform/dga-network.tfstate"
    region       = "ap-southeast-2"
    use_lockfile = true
  }
}
resource "terraform_data" "network" { input = "10.0.0.0/16" }
`;

// The Go SDK is the third client: Terraform keeps its state and its lock in the sandbox's S3.
describe.skipIf(program === undefined)(
  "Terraform's S3 backend (skipped where neither `terraform` nor `tofu` is on the PATH)",
  { timeout: minute },
  () => {
    let sandbox: Sandbox;
    let url: string;
    let close: () => Promise<void>;
    let folder: string;

    beforeAll(async () => {
      sandbox = createSandbox();
      sandbox.account(scratch).s3.createBucket("state", { versioning: true });
      ({ url, close } = await sandbox.listen());
      folder = await mkdtemp(join(tmpdir(), "windlass-terraform-"));
      await writeFile(join(folder, "main.tf"), configuration);
    });
    afterAll(async () => {
      await close();
      await rm(folder, { recursive: true });
    });

    function terraform(...args: readonly string[]): Promise<Ran> {
      const keys = { AWS_ACCESS_KEY_ID: scratch, AWS_SECRET_ACCESS_KEY: "sandbox" };
      const env = { ...keys, AWS_ENDPOINT_URL: url, AWS_REGION: "ap-southeast-2", CHECKPOINT_DISABLE: "1" };
      return run(program ?? "", [...args, "-no-color", "-input=false"], { env, cwd: folder });
    }

    it("keeps its state in the bucket, and lets go of the lock", async () => {
      expect(await terraform("init")).toMatchObject({ code: 0 });
      expect(await terraform("apply", "-auto-approve")).toMatchObject({ code: 0 });

      const { s3 } = sandbox.account(scratch);
      expect(s3.keys("state")).toEqual(["terraform/dga-network.tfstate"]);
      expect(s3.read("state", "terraform/dga-network.tfstate")?.text).toContain("10.0.0.0/16");
      expect(s3.versions("state", "terraform/dga-network.tfstate.tflock")[0]?.isDeleteMarker).toBe(true);
    });

    it("does not apply while somebody else holds the lock", async () => {
      const lock = { ID: "11111111-2222-3333-4444-555555555555", Operation: "OperationTypeApply", Who: "d-1@host" };
      const { s3 } = sandbox.account(scratch);
      s3.write("state", "terraform/dga-network.tfstate.tflock", JSON.stringify(lock));

      const { code, stderr } = await terraform("apply", "-auto-approve", "-replace=terraform_data.network");

      expect(code).toBe(1);
      expect(stderr).toContain("Error acquiring the state lock");
      expect(stderr).toContain("d-1@host");
      s3.remove("state", "terraform/dga-network.tfstate.tflock");
    });

    it("says so when the state could not be saved", async () => {
      sandbox.account(scratch).s3.deny({ prefix: "terraform/dga-network.tfstate", actions: ["PutObject"] });

      const { code } = await terraform("apply", "-auto-approve", "-lock=false", "-replace=terraform_data.network");

      expect(code).toBe(1);
    });
  },
);
