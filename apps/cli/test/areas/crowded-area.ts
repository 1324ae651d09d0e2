import { type AccountMapping, onlyArea } from "@windlass/account-mapping";
import { emptyLedger, type Head, type ImageDigest, type Ledger, planTick, toInstant } from "@windlass/deployment";

/** Areas `area-0` and on, which are always open, and as many Terraform images. */
export function crowdedMapping(areas: number, images: number): string {
  const areaLine = (index: number) =>
    `  area-${index}: { branch: branch-${index}, account: "${333333333300 + index}", window: { days: MON-SUN, hours: "00:00-24:00" } }`;
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  return `version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
${range(areas).map(areaLine).join("\n")}
images:
${range(images)
  .map((index) => `  image-${String(index).padStart(3, "0")}: { kind: terraform }`)
  .join("\n")}
`;
}

/** A ledger in which every image has a head, one deploys, and all others wait behind it. */
export function crowdedLedger(slice: AccountMapping, now: Date): Ledger {
  const { name, area } = onlyArea(slice);
  const heads = Object.keys(slice.images).map((image, index) => {
    const digest = `sha256:${String(index).padStart(64, "0")}` as ImageDigest;
    const head: Head = { digest, commit: String(index).padStart(40, "0"), pushedAt: toInstant(now) };
    return [image, { kind: "head", head }] as const;
  });
  const observation = {
    heads: Object.fromEntries(heads),
    group: { kind: "group", desired: 0, instances: [], suspendedProcesses: [], deploymentTag: null },
    controls: { kind: "controls", controls: [] },
    runs: {},
    instances: {},
    launchFailures: [],
    groups: {},
    refreshes: {},
  } as const;
  const scope = { workload: slice.workload, area: name, account: area.account };
  return planTick(emptyLedger(scope, now), observation, slice, now).ledger;
}
