import { account, area, pipelineAccount, region } from "./names.ts";

type Images = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A slice as it stands in the environment: an area that is open in business hours of Sydney. */
export function sliceWith(images: Images, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    version: 1,
    workload: "dataGov",
    registry: { account: pipelineAccount, region },
    areas: {
      [area]: {
        branch: "Develop",
        account,
        window: { timezone: "Australia/Sydney", days: "MON-FRI", hours: "09:00-17:00" },
      },
    },
    images,
    ...changes,
  };
}

export const network = { "dga-network": { kind: "terraform" } } as const;
