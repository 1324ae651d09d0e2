import type { DeploymentReport } from "@windlass/deployment";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GitHubTask } from "../src/index.ts";
import { type GitHubWorld, worlds } from "./github-worlds.ts";
import { aFailure, aReport, aSuccess, aTask } from "./open-github.ts";

describe.each(worlds)("$title GitHub", ({ missing, open }) => {
  describe.skipIf(missing !== null)("shows", () => {
    let world: GitHubWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    /** Without a GitHub deployment, which not every implementation has. */
    const task = (report: DeploymentReport, change: Partial<GitHubTask> = {}) =>
      aTask({ ...report, commit: world.sha }, { deployment: null, ...change });
    const issueTask = (report: DeploymentReport, issue: GitHubTask["issue"]) => task(report, { check: null, issue });
    const second = "20261124t031500z-43" as DeploymentReport["deployment"];

    it("a check from its queue to its end", async () => {
      const queued = await world.deliver(task(aReport({ stage: "waiting" })));
      expect(queued.check?.kind).toBe("shown");
      const check = { id: queued.check?.kind === "shown" ? queued.check.id : null, mayExist: false };
      expect(await world.checks()).toMatchObject([{ name: "Deploy to Production", status: "queued" }]);
      await world.deliver(task(aReport(), { check }));
      expect(await world.checks()).toMatchObject([{ status: "in_progress" }]);
      await world.deliver(task(aSuccess(), { check }));

      expect(await world.checks()).toMatchObject([{ status: "completed", conclusion: "success" }]);
    });

    it("a check once, where an earlier attempt may have made it", async () => {
      await world.deliver(task(aReport()));
      const again = await world.deliver(task(aFailure(), { check: { id: null, mayExist: true }, issue: null }));

      expect(again.check?.kind).toBe("shown");
      expect(await world.checks()).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    });

    it("a failure as an issue, its repeat as a comment, and its mending as another and the issue's end", async () => {
      const opened = await world.deliver(issueTask(aFailure(), { want: "open", number: null, mayExist: false }));
      const number = opened.issue?.kind === "shown" ? opened.issue.id : null;
      expect(await world.issues()).toMatchObject([
        { number, title: "Deploy to Production Failed", state: "open", labels: ["windlass"], comments: [] },
      ]);
      await world.deliver(issueTask(aFailure({ deployment: second }), { want: "open", number: null, mayExist: false }));
      expect((await world.issues())[0]?.comments).toHaveLength(1);
      const mended = aSuccess({ deployment: "20261124t041500z-44" as never });
      await world.deliver(issueTask(mended, { want: "closed", number, mayExist: false }));

      const [issue, ...others] = await world.issues();
      expect(others).toEqual([]);
      expect(issue).toMatchObject({ state: "closed" });
      expect(issue?.comments).toHaveLength(2);
      expect(issue?.comments[1]).toContain("was deployed to Production");
    });

    it("an issue and a comment once, where an earlier attempt may have made them", async () => {
      const unknown = { want: "open", number: null, mayExist: true } as const;
      for (let attempt = 0; attempt < 2; attempt += 1) await world.deliver(issueTask(aFailure(), unknown));
      const repeat = aFailure({ deployment: second });
      for (let attempt = 0; attempt < 2; attempt += 1) await world.deliver(issueTask(repeat, unknown));

      expect(await world.issues()).toMatchObject([{ state: "open", comments: [expect.stringContaining(second)] }]);
    });

    it("a closed issue open again by a new failure", async () => {
      const opened = await world.deliver(issueTask(aFailure(), { want: "open", number: null, mayExist: false }));
      const number = opened.issue?.kind === "shown" ? opened.issue.id : null;
      const mended = aSuccess({ deployment: second });
      await world.deliver(issueTask(mended, { want: "closed", number, mayExist: false }));
      const again = aFailure({ deployment: "20261124t041500z-44" as never });
      await world.deliver(issueTask(again, { want: "open", number, mayExist: false }));

      expect(await world.issues()).toMatchObject([{ number, state: "open" }]);
    });

    it("a repository that is not there as one", async () => {
      const delivery = await world.deliver({ ...task(aReport()), repository: "none" });

      expect(delivery.check).toMatchObject({ kind: "failed", trouble: { code: "not-installed" } });
    });
  });
});
