import * as z from "zod";
import { mappingFileSchema } from "./schema.ts";

const ID =
  "https://raw.githubusercontent.com/windlass-deploy/windlass/main/packages/account-mapping/account-mapping.schema.json";

/**
 * The JSON Schema (2020-12) of the file, for editors. Checks across the file, such as a branch that is used twice,
 * are the parser's alone.
 */
export function mappingJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(mappingFileSchema, { io: "input", target: "draft-2020-12" });
  return {
    $schema,
    $id: ID,
    title: "Windlass account mapping",
    description: "Which branch deploys to which area and AWS account, and which images belong to the workload.",
    ...schema,
  };
}
