import { credentialsFor } from "@windlass/sandbox";
import { atMost, type Bar, median } from "./bars.ts";
import { runChild } from "./child.ts";
import type { Measured } from "./measure.ts";
import { account, createSteadyWorld, functionEnvironment } from "./world.ts";

const LIMIT_MB = 128;
/** What is left for V8's old generation when the rest of Node has its share of 128 MB. */
const NODE_OPTIONS = ["--max-old-space-size=40", "--max-semi-space-size=1"];
const TICKS = 10;

/** Runs the function alone in a process, over the network, and looks at the most memory that it ever had. */
export async function measureMemory(size: { readonly images: number; readonly latencyMs: number }): Promise<Bar> {
  const sandbox = createSteadyWorld({ images: size.images, tags: 1 });
  sandbox.faults.add({ kind: "latency", ms: size.latencyMs });
  const served = await sandbox.listen();
  const { accessKeyId, secretAccessKey } = credentialsFor({ account });
  const environment = {
    ...functionEnvironment(served.url),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  try {
    const measured = await runChild<Measured>({
      script: "./lambda-child.mjs",
      args: [String(TICKS)],
      nodeOptions: NODE_OPTIONS,
      env: environment,
    });
    const images = size.images.toLocaleString("en");
    console.log(
      `\nMemory: ${images} images, the function alone in its process, over HTTP, node ${NODE_OPTIONS.join(" ")}`,
    );
    console.log(
      `  peak ${Math.round(measured.peakMb)} MB over ${TICKS} ticks; first tick ${Math.round(measured.coldMs ?? 0)} ms, then ${Math.round(median(measured.wallMs))} ms`,
    );
    return atMost(`memory for ${images} images`, LIMIT_MB, { measured: measured.peakMb, unit: "MB" });
  } finally {
    await served.close();
  }
}
