import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGitHub, owner, refusalOf, repo } from "./open-github.ts";

const there = { owner, repo };
let opened: ReturnType<typeof openGitHub>;
beforeEach(() => {
  opened = openGitHub();
});
afterEach(() => {
  expect(opened.github.violations()).toEqual([]);
});

async function openIssue(labels: readonly string[] = ["windlass"]): Promise<number> {
  const { data } = await opened.octokit.issues.create({ ...there, title: "Failed", body: "b", labels: [...labels] });
  return data.number;
}

describe("an issue", () => {
  it("is opened by the App, with labels that come into being", async () => {
    const { repository } = opened;
    expect(await openIssue()).toBe(1);

    expect(repository.issues()).toMatchObject([
      { title: "Failed", labels: ["windlass"], author: "windlass[bot]", state: "open" },
    ]);
  });

  it("is listed by label and state, newest first, in pages", async () => {
    const { octokit, repository } = opened;
    for (let count = 0; count < 5; count += 1) await openIssue(count === 2 ? ["other"] : ["windlass"]);
    repository.closeIssue(1);
    const list = { ...there, labels: "windlass", per_page: 2 };

    const first = await octokit.issues.listForRepo(list);
    const all = await octokit.paginate(octokit.issues.listForRepo, list);
    const closed = await octokit.issues.listForRepo({ ...list, state: "closed" });
    const mine = await octokit.issues.listForRepo({ ...there, state: "all", creator: "windlass[bot]" });

    expect(first.data.map(({ number }) => number)).toEqual([5, 4]);
    expect(first.headers.link).toContain('rel="next"');
    expect(all.map(({ number }) => number)).toEqual([5, 4, 2]);
    expect(closed.data.map(({ number }) => number)).toEqual([1]);
    expect(mine.data).toHaveLength(5);
  });

  it("is listed by when it changed, and by whom it was made", async () => {
    const { octokit, clock, repository } = opened;
    for (let count = 0; count < 3; count += 1) await openIssue();
    repository.openIssue({ title: "by hand" });
    await clock.advance(60_000);
    await octokit.issues.createComment({ ...there, issue_number: 2, body: "news" });
    const list = async (more: object) => {
      const { data } = await octokit.issues.listForRepo({ ...there, ...more });
      return data.map(({ number }) => number);
    };

    expect(await list({ sort: "updated" })).toEqual([2, 4, 3, 1]);
    expect(await list({ sort: "comments", direction: "asc" })).toEqual([1, 3, 4, 2]);
    expect(await list({ since: new Date(clock.now()).toISOString() })).toEqual([2]);
    expect(await list({ creator: "a-person" })).toEqual([4]);
    expect((await refusalOf(octokit.issues.listForRepo({ ...there, assignee: "*" }))).status).toBe(501);
  });

  it("can be read, and be given labels, whose case does not matter", async () => {
    const { octokit } = opened;
    const issue_number = await openIssue();
    await octokit.issues.addLabels({ ...there, issue_number, labels: ["Windlass", "more"] });

    const { data } = await octokit.issues.get({ ...there, issue_number });
    expect(data).toMatchObject({ labels: [{ name: "windlass" }, { name: "more" }], user: { type: "Bot" } });
    expect((await octokit.issues.listForRepo({ ...there, labels: "MORE,windlass" })).data).toHaveLength(1);
    expect((await refusalOf(octokit.issues.get({ ...there, issue_number: 9 }))).status).toBe(404);
  });

  it("is closed with a reason, and opened again", async () => {
    const { octokit } = opened;
    const issue_number = await openIssue();

    const closed = await octokit.issues.update({ ...there, issue_number, state: "closed", state_reason: "completed" });
    const again = await octokit.issues.update({ ...there, issue_number, state: "open", title: "Again", labels: ["x"] });

    expect(closed.data).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(again.data).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null, title: "Again" });
  });

  it("has comments, which can be listed from a time on", async () => {
    const { octokit, clock } = opened;
    const issue_number = await openIssue();
    await octokit.issues.createComment({ ...there, issue_number, body: "one" });
    await clock.advance(60_000);
    const since = new Date(clock.now()).toISOString();
    await octokit.issues.createComment({ ...there, issue_number, body: "two" });

    const all = await octokit.issues.listComments({ ...there, issue_number });
    const late = await octokit.issues.listComments({ ...there, issue_number, since });
    expect(all.data.map(({ body }) => body)).toEqual(["one", "two"]);
    expect(late.data.map(({ body }) => body)).toEqual(["two"]);
  });

  it("has a body of 65,536 characters and a title of 256 at most", async () => {
    const { octokit } = opened;
    const create = (title: string, body: string) => octokit.issues.create({ ...there, title, body });

    expect((await create("t".repeat(256), "x".repeat(65_536))).status).toBe(201);
    expect(await refusalOf(create("t", "x".repeat(65_537)))).toMatchObject({
      status: 422,
      message: expect.stringContaining("body is too long (maximum is 65536 characters)"),
    });
    expect((await refusalOf(create("t".repeat(257), ""))).status).toBe(422);
  });

  it("takes no comment once it is locked, is gone once it is deleted, and may not be there", async () => {
    const { octokit, repository } = opened;
    const issue_number = await openIssue();
    repository.lockIssue(issue_number);
    const comment = () => octokit.issues.createComment({ ...there, issue_number, body: "x" });
    expect((await refusalOf(comment())).status).toBe(403);
    repository.lockIssue(issue_number, false);
    expect((await comment()).status).toBe(201);
    const empty = octokit.issues.createComment({ ...there, issue_number, body: " " });
    expect((await refusalOf(empty)).status).toBe(422);
    repository.deleteIssue(issue_number);
    expect((await refusalOf(comment())).status).toBe(410);
    expect((await octokit.issues.listForRepo(there)).data).toEqual([]);
    expect((await refusalOf(octokit.issues.listComments({ ...there, issue_number: 77 }))).status).toBe(404);
  });

  it("can not be where issues are disabled", async () => {
    const { octokit, repository } = opened;
    repository.setIssuesEnabled(false);

    expect((await refusalOf(openIssue())).status).toBe(410);
    expect((await refusalOf(octokit.issues.listForRepo(there))).status).toBe(410);
  });

  it("may be a person's, and is told of all the same", () => {
    const { repository, github } = opened;
    const heard: string[] = [];
    github.onChange(({ kind, what, id }) => void heard.push(`${kind} ${what} ${id}`));
    const number = repository.openIssue({ title: "by hand" });
    repository.closeIssue(number);
    repository.reopenIssue(number);

    expect(repository.issues()).toMatchObject([{ author: "a-person", state: "open", stateReason: "reopened" }]);
    expect(() => repository.closeIssue(9)).toThrow("no such issue");
    repository.lockIssue(number);
    repository.deleteIssue(number);
    const acts = ["opened", "closed", "reopened", "locked", "deleted"];
    expect(heard).toEqual(acts.map((what) => `issue ${what} 1`));
  });
});
