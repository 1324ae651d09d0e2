import { describeError } from "@windlass/windlass-error";
import { workspaceArtifacts } from "./artifacts.ts";
import { mappingFile, readEnvironment } from "./config.ts";
import { createApp } from "./create-app.ts";
import { readMapping } from "./read-mapping.ts";

/** The app that the CDK's command line runs; see `cdk.json`. */
try {
  const mapping = readMapping(mappingFile(readEnvironment()));
  createApp({ mapping, artifacts: workspaceArtifacts() }).synth();
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
