import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aFailure, aReport, aSuccess, aTask, type OpenGitHub, openGitHub, unlimited } from "./open-github.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const body = "aB3dE5fG7hJ9".repeat(4);
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const keyLines = privateKey.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));

/** A text with a secret, and what may be nowhere. */
const CANARIES: Readonly<Record<string, readonly [text: string, canaries: readonly string[]]>> = {
  "an installation's token": [`token ghs_1_${body}`, [`ghs_1_${body}`, body]],
  "an installation's older token": [`token ghs_${body.slice(0, 36)}`, [body.slice(0, 36)]],
  "an access key of AWS": [`key AKIA${"IOSFODNN7EXAMPLE"}`, [`AKIA${"IOSFODNN7EXAMPLE"}`]],
  "a password": [`password = "${"hunter2"}-is-long"`, ["hunter2-is-long"]],
  "a URL's password": [`postgres://a:${"s3cr3t"}-in-url@db/x`, ["s3cr3t-in-url"]],
  "a JSON web token": [`eyJ${body}.eyJ${body}.${body}`, [`eyJ${body}`]],
  "a private key": [privateKey, keyLines],
  "a private key in one line": [JSON.stringify({ key: privateKey }), keyLines],
};

let github: OpenGitHub;
beforeEach(() => {
  github = openGitHub();
});
afterEach(() => {
  expect(github.github.violations()).toEqual([]);
});

/** Every byte that GitHub was sent, and all that it shows. */
function everything(): string {
  const { repo, sandbox } = github;
  return JSON.stringify([sandbox.calls.entries, repo.checkRuns(), repo.issues(), repo.deployments()]);
}

it.each(Object.entries(CANARIES))("%s leaves in no text, wherever it stands", async (_name, [secret, canaries]) => {
  const text = `before\n${secret}\nafter`;
  const failure = { code: "c", message: text, hint: text };
  await github.notifier.deliver(aTask(aReport({ stage: "waiting", waitingFor: text })), unlimited());
  await github.notifier.deliver(aTask(aFailure({ failure, notes: [text] })), unlimited());
  const next = aFailure({ deployment: "20261124t031500z-43" as never, failure });
  await github.notifier.deliver(aTask(next, { issue: { want: "open", number: 1, mayExist: false } }), unlimited());
  const mended = aSuccess({ deployment: "20261124t041500z-44" as never, notes: [text] });
  await github.notifier.deliver(aTask(mended, { issue: { want: "closed", number: 1, mayExist: false } }), unlimited());

  const seen = everything();
  expect(seen).toContain("[redacted");
  expect(github.repo.issues()).toMatchObject([{ state: "closed", comments: [{}, {}] }]);
  for (const canary of canaries) expect(seen).not.toContain(canary);
});

it("leaves in no text where its text is cut", async () => {
  const [token] = CANARIES["an installation's token"] ?? [""];
  const lines = Array.from({ length: 3000 }, (_, index) => `${index} ${token}`).join("\n");
  for (const message of [lines, lines.replaceAll("\n", " "), `${"x".repeat(19_970)} ${token} ${"y".repeat(500)}`]) {
    await github.notifier.deliver(aTask(aFailure({ failure: { code: "c", message, hint: message } })), unlimited());
  }

  expect(everything()).not.toContain(body.slice(0, 12));
});

it("leaves in no trouble that is told", async () => {
  const [token] = CANARIES["an installation's token"] ?? [""];
  const unread = github.newNotifier({ loadCredentials: () => Promise.reject(new Error(`AccessDenied: ${token}`)) });
  const lost = github.newNotifier({ fetch: () => Promise.reject(new TypeError(`fetch failed: ${token}`)) });
  for (const notifier of [unread, lost]) {
    const told = JSON.stringify(await notifier.deliver(aTask(aFailure()), unlimited()));
    expect(told).toContain("[redacted");
    expect(told).not.toContain(body);
  }
});
