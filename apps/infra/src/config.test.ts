import { describe, expect, it } from "vitest";
import { mappingFile } from "./config.ts";

describe("the path of the account mapping", () => {
  it("is relative to where the command was called", () => {
    expect(mappingFile({ WINDLASS_MAPPING_FILE: "a/windlass.yaml", INIT_CWD: "/mappings" })).toBe(
      "/mappings/a/windlass.yaml",
    );
    expect(mappingFile({ WINDLASS_MAPPING_FILE: "/windlass.yaml", INIT_CWD: "/mappings" })).toBe("/windlass.yaml");
  });

  it("is the one of the CDK's command line, where that has one", () => {
    const env = { WINDLASS_MAPPING_FILE: "a.yaml", INIT_CWD: "/mappings", CDK_CONTEXT_JSON: '{"mapping":"b.yaml"}' };

    expect(mappingFile(env)).toBe("/mappings/b.yaml");
  });

  it("must be said", () => {
    expect(() => mappingFile({ CDK_CONTEXT_JSON: "null" })).toThrow("nobody says where the account mapping is");
  });
});
