import type { EcrRegistry, Sandbox, SandboxAccount } from "@windlass/sandbox";
import type { WindowOracle } from "../checks/window-oracle.ts";
import type { Truth } from "../world/truth.ts";
import type { Chaos } from "./chaos.ts";
import type { Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";
import type { Transport } from "./transport.ts";
import type { Checks } from "./violation.ts";

/** One run, as all actors and checks know it. */
export interface Sim {
  readonly scenario: Scenario;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly chaos: Chaos;
  readonly trace: Trace;
  readonly checks: Checks;
  readonly sandbox: Sandbox;
  /** The area's account. */
  readonly own: SandboxAccount;
  readonly registry: EcrRegistry;
  readonly transport: Transport;
  readonly truth: Truth;
  readonly window: WindowOracle;
  readonly stats: Stats;
  /** One line of the story. */
  tell(what: string): void;
  /** Something happened that a tick might see. */
  wake(): void;
}

export interface Stats {
  calls: number;
  deployments: number;
  refreshes: number;
  ticks: number;
  idleTicks: number;
  failedTicks: number;
  runners: number;
  applies: number;
}
