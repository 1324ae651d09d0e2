export type { AreaPorts } from "./area-ports.ts";
export { createLedgerHeads, type LedgerHeads, withLedgerHeads } from "./ledger-heads.ts";
export { type Observed, type ObserveInput, observeArea } from "./observe-area.ts";
