import { program } from "../../tsup.base.ts";

/** A deploy instance never asks EC2 about instances, and the EC2 client is larger than all others together. */
const withoutEc2 = {
  name: "without-ec2",
  setup(build: EsbuildHooks) {
    build.onResolve({ filter: /^@aws-sdk\/client-ec2$/ }, () => ({ path: "client-ec2", namespace: "left-out" }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
      contents: `throw new Error("the EC2 client is not part of the runner")`,
    }));
  },
};

/** The two hooks of an esbuild plugin that are used here. */
interface EsbuildHooks {
  onResolve(options: { filter: RegExp }, callback: () => { path: string; namespace: string }): void;
  onLoad(options: { filter: RegExp; namespace: string }, callback: () => { contents: string }): void;
}

// No lazy chunks: one file is the whole program, and the deploy instance fetches it as one object.
export default program({ entry: { runner: "src/main.ts" }, splitting: false, esbuildPlugins: [withoutEc2] });
