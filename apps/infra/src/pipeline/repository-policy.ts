import { partitionOf } from "../area-names.ts";
import { ECR_READ_ACTIONS } from "../ecr-read-actions.ts";
import { InfraError } from "../infra-error.ts";
import type { PipelineRepository, RepositoryReader } from "./pipeline-repositories.ts";

/** What ECR takes: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html */
const LONGEST = 10_240;

/**
 * Who may read a repository: exactly these roles. They are named by condition under their accounts' roots, since ECR
 * refuses principals that do not exist, and the areas' stacks may come later.
 *
 * @throws InfraError `policy-too-long`
 */
export function repositoryPolicy({ name, readers }: PipelineRepository): object {
  const policy = {
    Version: "2012-10-17",
    Statement: (["look", "pull"] as const).flatMap((use) => {
      const chosen = readers.filter((reader) => reader.use === use);
      return chosen.length === 0 ? [] : [statementFor(use, chosen)];
    }),
  };
  const length = JSON.stringify(policy).length;
  if (length <= LONGEST) return policy;
  throw new InfraError({
    code: "policy-too-long",
    message: "the repository's policy names more roles than ECR takes",
    expected: `at most ${LONGEST} characters`,
    found: `${length} characters for ${readers.length} roles`,
    where: name,
    hint: 'give each area its own repositories: source: { repository: "{area}/{image}", tag: latest }',
  });
}

function statementFor(use: RepositoryReader["use"], readers: readonly RepositoryReader[]): object {
  const roots = readers.map(({ account, region }) => `arn:${partitionOf(region)}:iam::${account}:root`);
  return {
    Sid: use === "look" ? "AreasLookAtHeads" : "AreasPull",
    Effect: "Allow",
    Principal: { AWS: [...new Set(roots)].sort() },
    Action: ECR_READ_ACTIONS[use],
    Condition: { ArnEquals: { "aws:PrincipalArn": readers.map(({ role }) => role) } },
  };
}
