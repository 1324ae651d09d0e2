import type { AccountTemplate } from "./account-template.ts";
import { findAccessPoints } from "./check-access-points.ts";
import { askBoundaries, findBoundaryHoles } from "./check-boundaries.ts";
import { findFederations } from "./check-federation.ts";
import { askForeigners, type Examined, findNeedlessReaders, findOpenings } from "./check-foreigners.ts";
import { findExcesses } from "./check-principals.ts";
import { collectWorld } from "./collect-world.ts";
import type { Finding } from "./finding.ts";

/** What was looked at, so that a report without findings can be told from one that looked at nothing. */
export interface ExaminedCounts {
  readonly accounts: number;
  readonly principals: number;
  readonly actions: number;
  readonly resources: number;
  /** Questions: principal, action and resource. */
  readonly requests: number;
}

export interface IsolationReport {
  /** Empty where the isolation is proven, as far as templates can. */
  readonly findings: readonly Finding[];
  readonly examined: ExaminedCounts;
  /** Every question and its answer. */
  readonly table: readonly Examined[];
}

/**
 * Whether anybody can reach from one account into another one, by what all accounts' templates say. Conservative: what is
 * not known counts against the templates. Throws `IsolationError` `template-unreadable`.
 *
 * @example
 * ```ts
 * const { findings } = checkIsolation([{ account, region, stack, role: { kind: "pipeline" }, template }, ...areas]);
 * ```
 */
export function checkIsolation(templates: readonly AccountTemplate[]): IsolationReport {
  const world = collectWorld(templates);
  const checked = world.accounts.map((account) => {
    const answers = askForeigners(account, world);
    const bounded = askBoundaries(account);
    const findings = [
      ...findOpenings(account, answers),
      ...findNeedlessReaders(answers, world),
      ...findFederations(account),
      ...findExcesses(account, world),
      ...findBoundaryHoles(account, bounded),
      ...findAccessPoints(account),
    ];
    const table = [...answers.map(withoutReasons), ...bounded];
    return { findings, table };
  });
  const table = checked.flatMap((part) => part.table);
  return {
    findings: [...world.findings, ...checked.flatMap((part) => part.findings)],
    examined: {
      accounts: world.accounts.length,
      principals: countDistinct(table, "principal"),
      actions: countDistinct(table, "action"),
      resources: countDistinct(table, "resource"),
      requests: table.length,
    },
    table,
  };
}

function withoutReasons({ principal, action, resource, answer }: Examined): Examined {
  return { principal, action, resource, answer };
}

function countDistinct(table: readonly Examined[], part: "principal" | "action" | "resource"): number {
  return new Set(table.map((row) => row[part])).size;
}
