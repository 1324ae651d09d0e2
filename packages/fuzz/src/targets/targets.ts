import type { FuzzTarget } from "../target.ts";
import { historyTarget } from "./history.ts";
import { ledgerTarget } from "./ledger.ts";
import { literalsTarget } from "./literals.ts";
import { mappingTarget } from "./mapping.ts";
import { metadataTarget } from "./metadata.ts";
import { recordTargets } from "./records.ts";
import { redactorTarget } from "./redactor.ts";
import { sandboxTargets } from "./sandbox.ts";
import { schedulerTarget } from "./scheduler.ts";

/** Every reader that is given bad input. */
export const TARGETS: readonly FuzzTarget[] = [
  mappingTarget,
  ledgerTarget,
  ...recordTargets,
  historyTarget,
  redactorTarget,
  literalsTarget,
  ...sandboxTargets,
  schedulerTarget,
  metadataTarget,
];
