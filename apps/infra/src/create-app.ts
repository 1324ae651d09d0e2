import type { AccountMapping } from "@windlass/account-mapping";
import { App, type AppProps } from "aws-cdk-lib";
import { AreaStack } from "./area/area-stack.ts";
import type { Artifacts } from "./artifacts.ts";
import { PipelineStack } from "./pipeline/pipeline-stack.ts";

export interface AppOptions {
  readonly mapping: AccountMapping;
  readonly artifacts: Artifacts;
  readonly app?: AppProps | undefined;
}

/** Of the CDK's switches, those that change these stacks; said here, so that every app that is made is the same. */
const SWITCHES = {
  "@aws-cdk/aws-iam:minimizePolicies": true,
  "@aws-cdk/core:checkSecretUsage": true,
  "@aws-cdk/core:suppressTemplateIndentation": true,
};

/** The stacks `pipeline`, `pipeline-2` and up where the mapping asks for them, and `area-<area>` for each area. */
export function createApp({ mapping, artifacts, app: props = {} }: AppOptions): App {
  const app = new App({ analyticsReporting: false, ...props, context: { ...SWITCHES, ...props.context } });
  for (let index = 1; index <= mapping.pipelineInfra.stacks; index += 1) {
    new PipelineStack(app, index === 1 ? "pipeline" : `pipeline-${index}`, { mapping, index });
  }
  for (const area of Object.keys(mapping.areas)) new AreaStack(app, `area-${area}`, { mapping, area, artifacts });
  return app;
}
