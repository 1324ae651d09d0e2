import { type GitHubAnswer, type RepositoryCall, toTime } from "./github-call.ts";
import { GitHubFault } from "./github-fault.ts";
import { resolveReference } from "./references.ts";
import { repositoryView } from "./views.ts";

/** https://docs.github.com/en/rest/repos/repos#get-a-repository */
export function getRepository(call: RepositoryCall): GitHubAnswer {
  return { status: 200, body: repositoryView(call, call.repository) };
}

/** https://docs.github.com/en/rest/commits/commits#get-a-commit */
export function getCommit(call: RepositoryCall): GitHubAnswer {
  const { repository, parameters, apiUrl } = call;
  const { ref = "" } = parameters;
  const sha = resolveReference(repository, ref);
  if (sha === undefined) throw new GitHubFault(422, `No commit found for SHA: ${ref}`);
  const name = `${repository.owner}/${repository.name}`;
  const url = `${apiUrl}/repos/${name}`;
  const person = { name: "A person", email: "person@example.com", date: toTime(0) };
  const tree = { sha, url: `${url}/git/trees/${sha}` };
  return {
    status: 200,
    body: {
      sha,
      node_id: `C_${sha}`,
      url: `${url}/commits/${sha}`,
      html_url: `https://github.com/${name}/commit/${sha}`,
      comments_url: `${url}/commits/${sha}/comments`,
      commit: {
        url: `${url}/git/commits/${sha}`,
        message: "A change",
        author: person,
        committer: person,
        comment_count: 0,
        tree,
      },
      author: null,
      committer: null,
      parents: [],
    },
  };
}
