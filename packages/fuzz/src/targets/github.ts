import { isSameJson } from "../same-json.ts";
import type { Answer, Envelope, SandboxWorld } from "../sandbox-world.ts";
import { promise } from "../target.ts";

type Members = Readonly<Record<string, unknown>>;

/** Members that are answered under the same name and mean something else there, or are changed as GitHub changes them. */
const OTHERS = new Set(["labels", "assignees", "assignee", "milestone", "output", "payload", "actions", "status"]);

/** Every answer is one that GitHub's own description of its API has, and no request is accepted that it has not. */
export function holdDescription({ sandbox }: SandboxWorld): void {
  const wrong = sandbox.github.violations().find(({ side }) => side === "response");
  promise(wrong === undefined, "an answer is as GitHub describes it", wrong);
}

/** What is answered to a change is what was sent, and what is read afterwards is what was answered. */
export async function checkGitHub(world: SandboxWorld, envelope: Envelope, answer: Answer): Promise<void> {
  const answered = parse(answer.body.toString("utf8"));
  const size = Number(envelope.query["per_page"] ?? "30");
  if (Array.isArray(answered)) promise(answered.length <= size, "a page has as many items as were asked for", size);
  const sent = parse(envelope.body);
  const isChange = envelope.method === "POST" || envelope.method === "PATCH";
  if (!isChange || !isMembers(answered) || !isMembers(sent) || envelope.path.endsWith("/access_tokens")) return;
  compare(sent, answered);
  if (isMembers(sent["output"])) compare(sent["output"], answered["output"]);
  const url = answered["url"];
  if (typeof url !== "string" || /\/(?:statuses|comments|deployments)\/\d+$/.test(url)) return;
  const path = `/_github/api/v3${new URL(url).pathname.replace(/^\/_github\/api\/v3/, "")}`;
  const read = await world.send({ ...envelope, method: "GET", path, query: {}, body: "" });
  // Some things can be listed only, as far as the sandbox goes.
  if (read.status !== 200) return;
  promise(isSameJson(parse(read.body.toString("utf8")), answered), "what is read is what was answered", path);
}

function compare(sent: Members, answered: unknown): void {
  if (!isMembers(answered)) return;
  for (const [name, value] of Object.entries(sent)) {
    if (OTHERS.has(name) || !Object.hasOwn(answered, name) || value === null) continue;
    promise(isSameValue(value, answered[name]), "what is answered is what was sent", {
      name,
      value,
      got: answered[name],
    });
  }
}

function isSameValue(sent: unknown, answered: unknown): boolean {
  // A title may be a number, and is a text from then on.
  if (isSameJson(sent, answered) || (typeof sent === "number" && String(sent) === answered)) return true;
  return typeof sent === "string" && typeof answered === "string" && Date.parse(sent) === Date.parse(answered);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
