import type { AccountMapping } from "@windlass/account-mapping";
import {
  type AccountTemplate,
  checkIsolation,
  type ExaminedCounts,
  type Finding,
  type IsolationReport,
} from "@windlass/isolation";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { printJson } from "./print-json.ts";
import { readMapping } from "./read-file.ts";
import { readTemplates } from "./read-templates.ts";
import { count } from "./words.ts";

export interface IsolationOptions {
  readonly templates: string;
  readonly mapping?: string;
  readonly json?: true;
  readonly table?: true;
}

/** `windlass isolation`: 0 where the isolation is proven, 1 where something is found. Throws where it can not be begun. */
export function proveIsolation(world: CliWorld, options: IsolationOptions): number {
  const stacks = readTemplates(options.templates, world);
  if (options.mapping !== undefined) requireAll(stacks, readMapping(options.mapping, world), options.templates);
  const report = checkIsolation(stacks);
  const ok = report.findings.length === 0;
  if (options.json === true) printJson(world, showReport(ok, report, options));
  else world.write(formatText(report, options));
  return ok ? exitCode.ok : exitCode.failed;
}

/** What is not there is not proven: each account of the mapping must be there, and no other. */
function requireAll(stacks: readonly AccountTemplate[], mapping: AccountMapping, folder: string): void {
  const expected = [
    `pipeline in ${mapping.registry.account}`,
    ...Object.entries(mapping.areas).map(([name, { account }]) => `${name} in ${account}`),
  ].sort();
  const found = [
    ...new Set(stacks.map(({ role, account }) => `${role.kind === "area" ? role.area : role.kind} in ${account}`)),
  ];
  if (expected.join() === found.sort().join()) return;
  throw new CliError({
    code: "templates-unfit",
    message: "the templates are not those of this account mapping",
    where: folder,
    expected: expected.join(", "),
    found: found.join(", "),
    hint: "synthesize all stacks of the mapping, into an empty folder",
  });
}

function showReport(ok: boolean, { findings, examined, table }: IsolationReport, options: IsolationOptions): object {
  return { ok, examined, findings, ...(options.table === true ? { table } : {}) };
}

function formatText({ findings, examined, table }: IsolationReport, options: IsolationOptions): string {
  const rows = options.table === true ? table : [];
  return [
    ...rows.map(({ answer, principal, action, resource }) => `${[answer, principal, action, resource].join("\t")}\n`),
    ...findings.map(describeFinding),
    `${findings.length === 0 ? "" : "\n"}${describeCounts(examined)}\n`,
    findings.length === 0
      ? "Nobody reaches from one account into another.\n"
      : `${count(findings.length, "finding")}.\n`,
  ].join("");
}

function describeFinding({ code, stack, logicalId, statement, why, hint }: Finding): string {
  const where = [stack, logicalId, statement].filter((part) => part !== "").join(" ");
  return `PROBLEM  ${where}: ${why} (${code})\n         -> ${hint}\n`;
}

function describeCounts({ accounts, principals, actions, resources, requests }: ExaminedCounts): string {
  return `Examined ${accounts} accounts: ${principals} principals x ${actions} actions x ${resources} resources, in ${requests} questions.`;
}
