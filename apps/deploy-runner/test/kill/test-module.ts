/** In the order of their creation; each waits for the one before. */
export const RESOURCES = ["one", "two", "three", "four"] as const;

/** What a resource's creation leaves outside of Terraform: a line `<name>@<version>` in this file of the module. */
export const RECORD_FILE = "created.log";

/** A root module that replaces every resource with each version, and pauses so many seconds around each creation. */
export function testModule(version: number, pause: number): Readonly<Record<string, string>> {
  const blocks = RESOURCES.map((name, index) => {
    const before = RESOURCES[index - 1];
    const after = before === undefined ? "" : `  depends_on       = [terraform_data.${before}]\n`;
    return `resource "terraform_data" "${name}" {
  triggers_replace = "${version}"
${after}  provisioner "local-exec" {
    command = "sleep ${pause}; echo ${name}@${version} >> ${RECORD_FILE}; sleep ${pause}"
  }
}
`;
  });
  return { "main.tf": blocks.join("\n"), [RECORD_FILE]: "" };
}

/** `<name>@<version>` of each resource that a state has; null where it is no state. */
export function resourcesIn(state: string): readonly string[] | null {
  try {
    const { resources } = JSON.parse(state) as StateJson;
    return resources.flatMap(({ name, instances }) =>
      instances.map(({ attributes: { triggers_replace: version } }) => `${name}@${textOf(version)}`),
    );
  } catch {
    return null;
  }
}

interface StateJson {
  readonly resources: readonly {
    readonly name: string;
    readonly instances: readonly { readonly attributes: { readonly triggers_replace: unknown } }[];
  }[];
}

/** An attribute of any type is written with its type beside it. */
function textOf(value: unknown): string {
  return typeof value === "object" && value !== null && "value" in value ? String(value.value) : String(value);
}
