import type { EngineKind } from "./engine.ts";
import type { Organisation } from "./organisation.ts";
import type { GitHubSummary, SnsSummary } from "./report-watch.ts";

/** What `npm start -- --json` prints. */
export interface DemoSummary {
  readonly areas: Readonly<Record<string, AreaSummary>>;
  /** Whether real Terraform applied the modules. */
  readonly terraform: "real" | "stand-in";
  /** Where it did so. */
  readonly engine: EngineKind;
  /** Runs of deploy Lambdas. */
  readonly ticks: number;
  /** Calls of the Lambdas and the deploy instances, by action. */
  readonly awsCalls: Readonly<Record<string, number>>;
  /** What GitHub shows. */
  readonly github: GitHubSummary;
  /** What was published. */
  readonly sns: SnsSummary;
}

export interface AreaSummary {
  readonly images: Readonly<Record<string, ImageSummary>>;
}

export interface ImageSummary {
  readonly head: string | null;
  readonly live: string | null;
  /** Oldest first. */
  readonly deployments: readonly DeploymentSummary[];
}

export interface DeploymentSummary {
  readonly id: string;
  readonly digest: string;
  readonly commit: string | null;
  /** How it ended, or the state that it is in. */
  readonly outcome: string;
  readonly attempt: number;
  readonly plan: { readonly add: number; readonly change: number; readonly destroy: number } | null;
  readonly failure: string | null;
  readonly launchedAt: string | null;
  readonly endedAt: string | null;
}

export async function summarize(
  organisation: Organisation,
  { terraform, engine, ticks }: Pick<DemoSummary, "terraform" | "engine" | "ticks">,
): Promise<DemoSummary> {
  const areas: Record<string, AreaSummary> = {};
  for (const area of organisation.areas) {
    const [ledger, deployments] = await Promise.all([area.ledger(), area.deployments()]);
    const images = Object.keys(organisation.mapping.images).map((image): [string, ImageSummary] => {
      const record = ledger.images[image];
      const own = deployments.filter((deployment) => deployment.image === image);
      return [
        image,
        {
          head: record?.head?.digest ?? null,
          live: record?.live?.digest ?? null,
          deployments: own.map(({ id, digest, commit, state, attempt, plan, failure, launchedAt, endedAt }) => ({
            id,
            digest,
            commit,
            outcome: state,
            attempt,
            plan,
            failure: failure?.code ?? null,
            launchedAt,
            endedAt,
          })),
        },
      ];
    });
    areas[area.name] = { images: Object.fromEntries(images) };
  }
  const { reports } = organisation;
  return {
    areas,
    terraform,
    engine,
    ticks,
    awsCalls: organisation.awsCalls(),
    github: reports.github(),
    sns: reports.sns(),
  };
}
