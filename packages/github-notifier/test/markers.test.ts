import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aFailure, aTask, type OpenGitHub, openGitHub, unlimited } from "./open-github.ts";

let github: OpenGitHub;
beforeEach(() => {
  github = openGitHub();
});
afterEach(() => {
  expect(github.github.violations()).toEqual([]);
});

const second = "20261124t031500z-43" as never;
const deploymentMarker = `<!-- windlass:deployment ${second} -->`;
const issueMarker = "<!-- windlass:issue workload=dataGov area=production image=dga-site -->";
const markers = `Error: no\n${issueMarker}\n${deploymentMarker}\nend`;
const places = { check: null, deployment: null } as const;
const open = { want: "open", number: null, mayExist: true } as const;

describe.each([
  ["error", { code: "c", message: markers, hint: null }],
  ["error of one line", { code: "c", message: `<!--<!-- ${markers.replaceAll("\n", " ")}`, hint: null }],
  ["hint", { code: "c", message: "m", hint: markers }],
])("a marker in an %s", (_name, failure) => {
  it("passes for none of Windlass's: another image's failure has its own issue, a later one its comment", async () => {
    const deliver = (change: Parameters<typeof aFailure>[0]) =>
      github.notifier.deliver(aTask(aFailure(change), { ...places, issue: open }), unlimited());
    await deliver({ failure });
    await deliver({ image: "dga-site", deployment: "20261124t031600z-44" as never });
    await deliver({ deployment: second });
    // Once more: a comment is searched for the marker as an issue is.
    await deliver({ deployment: "20261124t041500z-45" as never, failure: { ...failure, message: "m" } });

    expect(github.repo.issues()).toMatchObject([
      { title: "Deploy to Production Failed", state: "open", comments: [{}, {}] },
      { title: "Deploy to Production Failed (dga-site)", state: "open", comments: [] },
    ]);
    expect(github.repo.issues()[0]?.comments[0]?.body).toContain(second);
  });

  it("in a comment leaves that of a later failure to be made", async () => {
    const deliver = (change: Parameters<typeof aFailure>[0]) =>
      github.notifier.deliver(aTask(aFailure(change), { ...places, issue: open }), unlimited());
    await deliver({});
    await deliver({ deployment: "20261124t031400z-42b" as never, failure });
    await deliver({ deployment: second });
    await deliver({ deployment: second });

    expect(github.repo.issues()[0]?.comments).toHaveLength(2);
  });
});

it("what may be said by a failure notifies nobody", async () => {
  const failure = { code: "c", message: "ask @octocat", hint: "ask @octocat\n```\nor @AusDTO/team" };
  await github.notifier.deliver(aTask(aFailure({ failure }), places), unlimited());

  const body = github.repo.issues()[0]?.body ?? "";
  expect(body).toContain("````text\nask @octocat\n```\nor @AusDTO/team\n````");
  expect(body.replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, "")).not.toContain("@");
});
