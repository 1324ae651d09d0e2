import { headSource, parseMapping, resolveBranch, sliceForArea } from "@windlass/account-mapping";

const text = `
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
  scratch: { branch: Develop, account: "222222222222" }
  staging: { branch: Staging, account: "333333333333" }
images:
  dga-network: { kind: terraform }
  dga-web: { kind: instance-refresh, after: [dga-network], groups: [dga-web-asg] }
`;

const mapping = parseMapping(text, { file: "windlass.yaml" });

export const area = resolveBranch(mapping, "Staging");
// { kind: "area", name: "staging", area: { account: "333333333333", ... } }

export const head = headSource(mapping, "staging", "dga-web");
// { repository: "dga-web", tag: "staging" }

export const slice = sliceForArea(mapping, "staging");
// the same mapping with the area staging alone
