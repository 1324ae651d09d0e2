import { type Deployment, describePlan } from "@windlass/deployment";
import type { AreaSite } from "./area-site.ts";
import type { Narrator } from "./narrator.ts";
import type { ReportWatch } from "./report-watch.ts";
import type { TickListener } from "./settle.ts";

/** Tells what each tick started and ended and what people see of it, and shows what is going on in between. */
export function createReporter(narrator: Narrator, reports: Pick<ReportWatch, "take">): TickListener {
  const told = new Set<string>();
  return {
    async ticked(area, { finished, waiting }) {
      // The history grows for as long as a sandbox is served: it is read only when something came to it.
      const deployments =
        finished.length > 0 ? await area.deployments() : Object.values((await area.ledger()).deployments);
      for (const deployment of deployments) {
        for (const line of newsOf(area.name, deployment)) {
          if (told.has(line.key)) continue;
          told.add(line.key);
          if (line.mood === null) narrator.tell(line.text);
          else narrator.stress(line.text, line.mood);
        }
      }
      for (const line of reports.take()) narrator.tell(line);
      narrator.progress(progressOf(area.name, deployments, waiting));
    },
    failed: (area, message) => narrator.stress(`${area.name}: the tick failed: ${message}`, "bad"),
  };
}

interface News {
  readonly key: string;
  readonly text: string;
  readonly mood: "good" | "bad" | null;
}

function newsOf(area: string, deployment: Deployment): readonly News[] {
  const { id, image, state, attempt } = deployment;
  const what = `${area}: ${image} ${shortDigest(deployment.digest)}`;
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  const news: News[] = [];
  if (deployment.launchedAt !== null) {
    news.push({ key: `${id} launched`, text: `${what} is being deployed as ${id}${again}`, mood: null });
  }
  if (deployment.holder !== null) {
    news.push({ key: `${id} holder`, text: `${what} runs on ${deployment.holder.instance}`, mood: null });
  }
  if (deployment.endedAt !== null && state !== "superseded") {
    const good = state === "succeeded";
    news.push({ key: `${id} ended`, text: `${what} ${outcomeText(deployment)}`, mood: good ? "good" : "bad" });
  }
  return news;
}

function outcomeText({ state, plan, failure, kind }: Deployment): string {
  if (state === "succeeded") {
    return `is live (${plan === null ? kind : describePlan(plan)})`;
  }
  const why = failure?.message.split("\n").find((line) => line.trim() !== "") ?? "";
  return `ended ${state}${why === "" ? "" : `: ${why.trim()}`}`;
}

type Waiting = readonly { readonly image: string; readonly reason: string }[];

function progressOf(area: string, deployments: readonly Deployment[], waiting: Waiting): string {
  const going = deployments.find(({ state }) => state === "launching" || state === "running");
  if (going !== undefined) {
    return `${area}: ${going.image} ${going.phase ?? going.state}${going.progress === null ? "" : ` ${going.progress}`}`;
  }
  const [first] = waiting;
  return first === undefined ? `${area}: nothing to do` : `${area}: ${first.image} ${first.reason}`;
}

/** Enough of a digest to tell it from the others of a story. */
export function shortDigest(digest: string): string {
  return digest.slice("sha256:".length, "sha256:".length + 7);
}

/** Where the image stands in the area, as the area's last tick said. */
export async function liveDigest(area: AreaSite, image: string): Promise<string | null> {
  const { images } = await area.ledger();
  return images[image]?.live?.digest ?? null;
}
