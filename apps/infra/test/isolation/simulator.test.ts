import { type AccountTemplate, checkIsolation, type Examined } from "@windlass/isolation";
import { describe, expect, it } from "vitest";
import { accountTemplates } from "../support/account-templates.ts";
import { MUTANTS } from "../support/mutants.ts";
import { mutate } from "../support/mutate.ts";
import { createSimulator, type Simulated } from "../support/simulate.ts";
import { exampleWith } from "../support/templates.ts";

const example = accountTemplates(exampleWith());
const prefixed = accountTemplates(
  exampleWith(['repository: "{image}"', 'repository: "{area}/{image}"'], ['tag: "{area}"', "tag: latest"]),
);

interface Compared extends Examined {
  readonly simulated: Simulated;
}

/** Each so-many-th row, and all that are not denied: those of one action, since the evaluator knows no others. */
async function compare(templates: readonly AccountTemplate[], step: number): Promise<readonly Compared[]> {
  const rows = checkIsolation(templates).table.filter(({ action }) => !action.endsWith("*"));
  const chosen = rows.filter((row, index) => !isPassed(row) && (index % step === 0 || row.answer !== "denied"));
  const simulate = createSimulator(templates);
  const compared = await Promise.all(chosen.map(async (row) => ({ ...row, simulated: await simulate(row) })));
  return compared.filter(({ simulated }) => simulated !== "unasked");
}

/**
 * EC2 and Lambda act with a role only for whom could pass it to them, and no role can be passed to another account. The
 * evaluator knows nothing of passing.
 */
function isPassed({ principal, action }: Examined): boolean {
  return action === "sts:assumerole" && /^(?:ec2|lambda)\.amazonaws\.com for /.test(principal);
}

describe.each([
  ["one repository for each image", example],
  ["a repository for each area and image", prefixed],
])("an independent evaluator, with %s", (_, templates) => {
  it("denies what the proof says is denied, and allows the reading of images", async () => {
    const compared = await compare(templates, 7);

    expect(compared.filter(({ answer, simulated }) => (answer === "denied") !== (simulated === "denied"))).toEqual([]);
    expect(compared.filter(({ answer }) => answer === "denied").length).toBeGreaterThan(2_000);
    expect(compared.filter(({ answer }) => answer === "reads").length).toBeGreaterThan(25);
  });
});

/** Their policies can not be read before a deployment, or at all. */
const unreadable = new Set(["cannot-resolve", "policy-unreadable", "unknown-type"]);
const readable = MUTANTS.filter(({ code }) => !unreadable.has(code));
const openedToSomebody = new Set<string>();

describe("an independent evaluator, asked of a mutant,", () => {
  it.each(readable)("allows nothing that the proof denies: $name", async ({ name, stack, change }) => {
    const compared = await compare(mutate(example, stack, change), 101);

    expect(compared.filter(({ answer, simulated }) => answer === "denied" && simulated === "allowed")).toEqual([]);
    expect(compared.length).toBeGreaterThan(150);
    if (compared.some(({ answer, simulated }) => answer === "allowed" && simulated === "allowed"))
      openedToSomebody.add(name);
  });

  it("agrees for many of them that somebody is let in", () => {
    expect(openedToSomebody.size).toBeGreaterThan(20);
  });
});
