import { parseMapping, sliceForArea } from "@windlass/account-mapping";
import { measureDelivery, viewArea } from "@windlass/area-view";
import { emptyLedger } from "@windlass/deployment";

const mapping = parseMapping(`
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
  production: { branch: Production, account: "444444444444" }
images:
  dga-network: { kind: terraform }
`);
const slice = sliceForArea(mapping, "production");
const now = new Date("2026-11-24T09:00:00Z");
const ledger = emptyLedger({ workload: "dataGov", area: "production", account: "444444444444" }, now);

const view = viewArea({ slice, ledger, controls: { kind: "controls", controls: [] }, now });

export const lines = view.images.map(({ image, text }) => `${image}: ${text}`);
// ["dga-network: no image carries this area's tag"]

export const { perDay } = measureDelivery([], { from: new Date("2026-11-17T09:00:00Z"), to: now }).frequency;
// 0
