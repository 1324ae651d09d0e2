import { type ActionContext, AwsFault } from "../core/service.ts";
import { invalidParameter } from "./ecr-fault.ts";
import { optionalText, requiredText } from "./ecr-input.ts";
import { ecrState, organizations, type RegistryPlace, type Repository } from "./ecr-state.ts";
import { decidePolicy } from "./policy-decision.ts";
import { findRepository } from "./repositories.ts";

type Input = Readonly<Record<string, unknown>>;

/** Whose registry a call is about: `registryId`, or the caller's own. */
export function registryPlace(input: Input, context: ActionContext): RegistryPlace {
  const account = optionalText(input, "registryId") ?? context.caller.account;
  if (!/^\d{12}$/.test(account))
    throw invalidParameter("registryId", "Member must satisfy regular expression pattern: [0-9]{12}");
  return { world: context.world, clock: context.clock, account, region: context.region };
}

/** The repository that the input names, if the caller may perform the action on it. */
export function openRepository(input: Input, context: ActionContext, action: string): Repository {
  const place = registryPlace(input, context);
  const repository = findRepository(ecrState(place), requiredText(input, "repositoryName"), place.account);
  authorize(repository, context, action);
  return repository;
}

/**
 * Across accounts the repository's policy must allow the call; inside one account it can only deny, since the caller's
 * own policies, which the sandbox does not model, are taken to allow (IAM guide, "Cross-account policy evaluation").
 */
export function authorize(repository: Repository, context: ActionContext, action: string): void {
  const { caller, world } = context;
  const organization = organizations(world).get(caller.account) ?? null;
  const request = { action: `ecr:${action}`, caller, organization };
  const decision = repository.policy === null ? "silent" : decidePolicy(repository.policy, request);
  if (decision === "deny")
    throw accessDenied(context, action, `${repository.arn} with an explicit deny in a resource-based policy`);
  if (decision === "silent" && caller.account !== repository.registryId)
    throw notAllowed(context, action, repository.arn);
}

/** For what no single repository's policy can allow, such as listing another account's repositories. */
export function requireOwnRegistry(place: RegistryPlace, context: ActionContext, action: string): void {
  if (place.account === context.caller.account) return;
  throw notAllowed(context, action, `arn:aws:ecr:${place.region}:${place.account}:repository/*`);
}

function notAllowed(context: ActionContext, action: string, resource: string): AwsFault {
  return accessDenied(context, action, `${resource} because no resource-based policy allows the ecr:${action} action`);
}

function accessDenied(context: ActionContext, action: string, rest: string): AwsFault {
  return new AwsFault(
    "AccessDeniedException",
    `User: ${context.caller.arn} is not authorized to perform: ecr:${action} on resource: ${rest}`,
  );
}
