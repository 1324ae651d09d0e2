import { actionsOf, READ_IMAGE } from "./actions.ts";
import type { Finding } from "./finding.ts";
import { type Foreigner, foreignersOf } from "./foreign-actors.ts";
import { groupBy } from "./group-by.ts";
import { exactly } from "./possible.ts";
import { decide } from "./request.ts";
import type { Statement } from "./statement.ts";
import { type Account, isPipeline, nameAccount, type Resource, type World } from "./world.ts";

/** One question that was asked, and its answer. */
export interface Examined {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** `reads`: an area's role reads an image, which is what the pipeline account is for. */
  readonly answer: "denied" | "reads" | "allowed";
}

interface Answer extends Examined {
  readonly foreigner: Foreigner;
  readonly by: Statement | null;
}

/**
 * Whether an account lets anybody of another one do anything with anything: every foreign principal, on every resource,
 * with each action and with any other. That the other account allows its principals everything is taken for granted, so
 * that only the resource's own policies count.
 */
export function askForeigners(account: Account, world: World): readonly Answer[] {
  const foreigners = foreignersOf(account, world);
  return account.resources.flatMap((resource) =>
    arnsOf(resource).flatMap((arn) =>
      actionsOf(resource).flatMap((action) =>
        foreigners.map((foreigner) => ask({ foreigner, action, arn, resource, account, world })),
      ),
    ),
  );
}

/** The resource, what is inside it, and whatever else its policies say that they are about. */
function arnsOf({ arn, inside, policy }: Resource): readonly string[] {
  const named = policy.flatMap(({ resources }) => (resources.negated ? [] : resources.patterns));
  return [...new Set([arn, ...(inside === null ? [] : [inside]), ...named.filter((pattern) => pattern !== "*")])];
}

interface Question {
  readonly foreigner: Foreigner;
  readonly action: string;
  readonly arn: string;
  readonly resource: Resource;
  readonly account: Account;
  readonly world: World;
}

function ask({ foreigner, action, arn, resource, account, world }: Question): Answer {
  const { actor, context } = foreigner;
  const asked = { principal: foreigner.name, action, resource: arn, foreigner };
  const except = action.endsWith(":*") ? actionsOf(resource) : [];
  const request = { actor, action: { pattern: action, except }, resource: exactly(arn), context };
  const decision = isExempt(foreigner, resource) ? null : decide(resource.policy, request);
  if (decision?.kind !== "allowed") return { ...asked, answer: "denied", by: null };
  const reads = isPipeline(account) && READ_IMAGE.includes(action) && isAreaRole(foreigner, world);
  return { ...asked, answer: reads ? "reads" : "allowed", by: decision.by };
}

/**
 * Services that act with a role only for who could pass it to them, which nobody of another account can:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const PASSED_TO = new Set(["ec2.amazonaws.com", "ec2.amazonaws.com.cn", "lambda.amazonaws.com"]);

function isExempt({ actor }: Foreigner, { type }: Resource): boolean {
  return actor.kind === "service" && type === "AWS::IAM::Role" && PASSED_TO.has(actor.service);
}

/** One role of an area, and not any. */
function isAreaRole({ actor }: Foreigner, { accounts }: World): boolean {
  if (actor.kind !== "principal" || !/:role\/[^*?]+$/.test(actor.arn.pattern)) return false;
  return accounts.some(({ id, roles }) => id === actor.account && roles.some(({ kind }) => kind === "area"));
}

/** One finding for each statement that lets somebody in, with all whom it lets in. */
export function findOpenings(account: Account, answers: readonly Answer[]): readonly Finding[] {
  const open = answers.flatMap(({ by, ...answer }) =>
    by === null || answer.answer !== "allowed" ? [] : [{ ...answer, by }],
  );
  return [...groupBy(open, ({ by }) => by)].map(([{ place }, all]) => {
    const code = codeOf(all.map(({ foreigner }) => foreigner));
    const why = `${listed(all.map(({ principal }) => principal))} may ${listed(all.map(({ action }) => action))} on ${listed(all.map(({ resource }) => resource))} of ${nameAccount(account)}`;
    return { code, ...place, why, hint: HINTS[code] };
  });
}

function codeOf(foreigners: readonly Foreigner[]): keyof typeof HINTS {
  if (foreigners.some(({ actor }) => actor.kind === "anonymous")) return "open-to-all";
  const principals = foreigners.filter(({ actor }) => actor.kind === "principal");
  if (principals.length === 0) return "open-to-service";
  return principals.some(({ known }) => !known) ? "open-to-strangers" : "open-to-account";
}

const HINTS: Readonly<Record<"open-to-account" | "open-to-all" | "open-to-service" | "open-to-strangers", string>> = {
  "open-to-all": "name the principals of this account that need it",
  "open-to-strangers":
    "name the principals of this account that need it; an organisation is more accounts than the mapping",
  "open-to-account": "name principals of this account only: nothing is pushed into an account",
  "open-to-service": "add the condition aws:SourceAccount with this account",
};

function listed(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  const shown = distinct.slice(0, 3).join(", ");
  return distinct.length > 3 ? `${shown} and ${distinct.length - 3} more` : shown;
}

/** Roles of areas that a repository lets read, though they do not need it: their own policies do not name it. */
export function findNeedlessReaders(answers: readonly Answer[], { accounts }: World): readonly Finding[] {
  const principals = accounts.flatMap((account) => account.principals);
  return answers.flatMap(({ answer, by, foreigner, action, resource }) => {
    const { actor, context } = foreigner;
    if (by === null || answer !== "reads" || actor.kind !== "principal") return [];
    const role = principals.find(({ arn }) => actor.arn.pattern === arn);
    if (!role?.identity) return [];
    const own = decide(role.identity, { actor, action: exactly(action), resource: exactly(resource), context });
    if (own.kind === "allowed") return [];
    const why = `${role.arn} may ${action} on ${resource}, which its own policy does not ask for`;
    return [{ code: "reads-too-much", ...by.place, why, hint: "name those that read the image, and nobody else" }];
  });
}
