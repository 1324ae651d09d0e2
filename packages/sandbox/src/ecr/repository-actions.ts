import { type ActionContext, type ActionHandler, AwsFault } from "../core/service.ts";
import { authorize, openRepository, registryPlace, requireOwnRegistry } from "./access.ts";
import { issueAuthorizationToken, tokenLifetimeMs } from "./authorization-token.ts";
import { repositoryFault } from "./ecr-fault.ts";
import { asObject, requiredText, textList } from "./ecr-input.ts";
import { ecrState, type Repository } from "./ecr-state.ts";
import { page, refusePaging } from "./paging.ts";
import { parseRepositoryPolicy, type RepositoryPolicy } from "./policy-document.ts";
import {
  createRepository,
  deleteRepository,
  describeMutability,
  describeRepository,
  findRepository,
} from "./repositories.ts";
import { readMutability } from "./tag-mutability.ts";

type Input = Readonly<Record<string, unknown>>;

export const repositoryActions: Readonly<Record<string, ActionHandler>> = {
  CreateRepository(input, context) {
    const place = registryPlace(input, context);
    requireOwnRegistry(place, context, "CreateRepository");
    const scanning = input["imageScanningConfiguration"];
    const encryption = input["encryptionConfiguration"];
    const repository = createRepository(place, requiredText(input, "repositoryName"), {
      ...readMutability(input),
      ...(scanning === undefined
        ? {}
        : { scanOnPush: asObject(scanning, "imageScanningConfiguration")["scanOnPush"] === true }),
      ...(encryption === undefined ? {} : { encryption: asObject(encryption, "encryptionConfiguration") }),
    });
    return { repository: describeRepository(repository) };
  },

  DescribeRepositories: describeRepositories,

  DeleteRepository(input, context) {
    const repository = openRepository(input, context, "DeleteRepository");
    deleteRepository(registryPlace(input, context), repository, input["force"] === true);
    return { repository: describeRepository(repository) };
  },

  PutImageTagMutability(input, context) {
    const repository = openRepository(input, context, "PutImageTagMutability");
    requiredText(input, "imageTagMutability");
    const settings = readMutability(input);
    Object.assign(repository, settings);
    return { ...names(repository), ...describeMutability(settings) };
  },

  SetRepositoryPolicy(input, context) {
    const repository = openRepository(input, context, "SetRepositoryPolicy");
    repository.policy = parseRepositoryPolicy(requiredText(input, "policyText"));
    return { ...names(repository), policyText: repository.policy.text };
  },

  GetRepositoryPolicy(input, context) {
    const repository = openRepository(input, context, "GetRepositoryPolicy");
    return { ...names(repository), policyText: requirePolicy(repository).text };
  },

  DeleteRepositoryPolicy(input, context) {
    const repository = openRepository(input, context, "DeleteRepositoryPolicy");
    const { text } = requirePolicy(repository);
    repository.policy = null;
    return { ...names(repository), policyText: text };
  },

  PutLifecyclePolicy(input, context) {
    const repository = openRepository(input, context, "PutLifecyclePolicy");
    // Stored and shown; the sandbox expires nothing by itself.
    repository.lifecyclePolicyText = requiredText(input, "lifecyclePolicyText");
    return { ...names(repository), lifecyclePolicyText: repository.lifecyclePolicyText };
  },

  GetLifecyclePolicy(input, context) {
    const repository = openRepository(input, context, "GetLifecyclePolicy");
    if (repository.lifecyclePolicyText === null)
      throw repositoryFault("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist", repository);
    return { ...names(repository), lifecyclePolicyText: repository.lifecyclePolicyText };
  },

  GetAuthorizationToken: getAuthorizationToken,
};

/** With names: those, checked one by one, and no paging. Without: the whole registry, which only its owner may list. */
function describeRepositories(input: Input, context: ActionContext) {
  const place = registryPlace(input, context);
  const state = ecrState(place);
  const wanted = textList(input, "repositoryNames", 100);
  if (wanted === undefined) {
    requireOwnRegistry(place, context, "DescribeRepositories");
    const all = [...state.repositories.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(all, input);
    return { repositories: items.map(describeRepository), ...(nextToken === undefined ? {} : { nextToken }) };
  }
  refusePaging(input, "repositoryNames");
  const repositories = wanted.map((name) => {
    const repository = findRepository(state, name, place.account);
    authorize(repository, context, "DescribeRepositories");
    return describeRepository(repository);
  });
  return { repositories };
}

/** Valid for 12 hours, for every registry that the caller may reach (API reference, `GetAuthorizationToken`). */
function getAuthorizationToken(input: Input, context: ActionContext) {
  const registries = textList(input, "registryIds", 10) ?? [context.caller.account];
  const authorizationData = registries.map((registry) => ({
    authorizationToken: Buffer.from(`AWS:${issueAuthorizationToken(context)}`).toString("base64"),
    expiresAt: (context.clock.now() + tokenLifetimeMs) / 1000,
    proxyEndpoint: `https://${registry}.dkr.ecr.${context.region}.amazonaws.com`,
  }));
  return { authorizationData };
}

function requirePolicy(repository: Repository): RepositoryPolicy {
  if (repository.policy !== null) return repository.policy;
  throw new AwsFault(
    "RepositoryPolicyNotFoundException",
    `Repository policy does not exist for the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
  );
}

function names(repository: { readonly registryId: string; readonly name: string }) {
  return { registryId: repository.registryId, repositoryName: repository.name };
}
