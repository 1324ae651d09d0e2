import type { AccountMapping } from "@windlass/account-mapping";
import type { AccountTemplate } from "@windlass/isolation";
import { synthesize } from "./templates.ts";

/** All stacks of a mapping, as the proof of isolation takes them. */
export function accountTemplates(mapping: AccountMapping): readonly AccountTemplate[] {
  const { templates } = synthesize(mapping);
  const areas = Object.entries(mapping.areas);
  return Object.entries(templates).map(([stack, template]) => {
    const [area, place] = areas.find(([name]) => stack === `area-${name}`) ?? [null, mapping.registry];
    const { account, region } = place;
    return {
      account,
      region,
      stack: `windlass-${stack}`,
      role: area === null ? { kind: "pipeline" } : { kind: "area", area },
      template,
    };
  });
}
