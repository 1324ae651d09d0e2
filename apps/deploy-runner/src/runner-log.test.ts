import { describe, expect, it } from "vitest";
import { createRunnerLog } from "./runner-log.ts";

function openLog() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createRunnerLog({ level: "info", area: "staging", secrets: ["hunter2-hunter2"], destination });
  return { log, lines };
}

describe("createRunnerLog", () => {
  it("writes one line of JSON, with the area and the data as fields", () => {
    const { log, lines } = openLog();

    log.child({ deployment: "20261124t090000z-7" }).info({ step: "plan", exit: { code: 0 } }, "step ended");

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      area: "staging",
      deployment: "20261124t090000z-7",
      step: "plan",
      exit: { code: 0 },
      msg: "step ended",
    });
  });

  it("redacts what an error quotes", () => {
    const { log, lines } = openLog();

    log.warn({ error: `key AKIA${"IOSFODNN7EXAMPLE"} with hunter2-hunter2 is not valid` }, "attempt failed");

    expect(lines.join()).toContain("key [redacted AWS access key] with [redacted credential] is not valid");
  });
});
