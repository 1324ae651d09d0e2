import { type AccountMapping, parseMapping, sliceForArea } from "@windlass/account-mapping";

export const AREA = "scratch";
export const SITE_AFTER_NETWORK = `
  dga-network: { kind: terraform }
  dga-site: { kind: terraform, after: [dga-network], retries: 1, timeout: 45m }`;
export const WEB = `
  dga-web: { kind: instance-refresh, groups: [dga-web-asg], timeout: 30m }`;
const ALWAYS = `{ days: MON-SUN, hours: "00:00-24:00" }`;

/** A slice of one area with these images; by default one Terraform image, and a window that is always open. */
export function sliceOf(images = "\n  dga-network: { kind: terraform }", area = `window: ${ALWAYS}`): AccountMapping {
  const text = `
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
  ${AREA}: { branch: Develop, account: "222222222222", ${area} }
images:${images}
`;
  return sliceForArea(parseMapping(text), AREA);
}
