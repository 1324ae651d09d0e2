import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a release of an IaC image does when it is applied. */
export interface ModuleContent {
  readonly image: string;
  readonly version: string;
  /** Its apply fails, after some resources were made. */
  readonly broken?: boolean | undefined;
}

/** The root module of an IaC image: real Terraform that needs no provider from outside. */
export function moduleText({ image, version, broken }: ModuleContent): string {
  const name = image.replaceAll(/[^a-z0-9]/gi, "_");
  const breakage = !broken
    ? ""
    : `
resource "terraform_data" "migration" {
  input      = "${version}"
  depends_on = [terraform_data.${name}]
  # Made anew each time, so that its id is known only then, and the condition fails in apply, not in plan. A provisioner
  # would need a shell, which an image may not have.
  triggers_replace = timestamp()
  lifecycle {
    postcondition {
      condition     = self.id == ""
      error_message = "the migration of ${version} can not be applied"
    }
  }
}
`;
  return `variable "area" {
  type = string
}

variable "region" {
  type = string
}

resource "terraform_data" "${name}" {
  input = "${image} ${version} in \${var.area}"
}

resource "terraform_data" "${name}_endpoint" {
  input      = "https://${image}.\${var.area}.example"
  depends_on = [terraform_data.${name}]
}
${breakage}
output "endpoint" {
  value = terraform_data.${name}_endpoint.output
}
`;
}

/** The modules of all releases, as the runner's directory engine finds them: one folder a digest. */
export interface ModuleShelf {
  readonly folder: string;
  put(digest: string, content: ModuleContent): Promise<void>;
}

/** Also holds what an image without content of its own is applied with. */
export async function createModuleShelf(folder: string): Promise<ModuleShelf> {
  async function write(name: string, text: string): Promise<void> {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, "main.tf"), text);
  }
  await write("default", moduleText({ image: "example", version: "1" }));
  return {
    folder,
    put: (digest, content) => write(digest.replace("sha256:", ""), moduleText(content)),
  };
}
