#!/usr/bin/env node
/**
 * Stands in for Terraform where there is none: `init`, `plan -out`, `show -json` and `apply` of the demo's modules,
 * with a state of its own. It knows `terraform_data` resources, `input`s, and postconditions, all of which fail;
 * no more. It says what it is.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

interface Resource {
  readonly address: string;
  readonly body: string;
}
type State = Readonly<Record<string, string>>;
type Change = "create" | "update" | "delete" | "no-op";

const BACKEND_FILE = ".stand-in-backend.json";
const [command = "", ...rest] = process.argv.slice(2).filter((argument) => !argument.startsWith("-chdir"));

switch (command) {
  case "version":
    say("Terraform v1.11.0 (the demo's stand-in)");
    break;
  case "init":
    init(rest);
    break;
  case "plan":
    plan(option(rest, "-out") ?? "plan.json");
    break;
  case "show":
    show(rest.at(-1) ?? "plan.json");
    break;
  case "apply":
    apply(rest.at(-1) ?? "plan.json");
    break;
  default:
    fail(`the stand-in does not know the command "${command}"`);
}

function init(args: readonly string[]): void {
  const settings = Object.fromEntries(
    args
      .filter((argument) => argument.startsWith("-backend-config="))
      .map((argument) => argument.slice("-backend-config=".length).split("=", 2) as [string, string]),
  );
  writeFileSync(BACKEND_FILE, JSON.stringify({ bucket: settings["bucket"] ?? null, key: settings["key"] ?? null }));
  say("Initialised by the demo's stand-in for Terraform.");
}

function plan(out: string): void {
  const changes = changesBetween(readState(), readResources());
  writeFileSync(out, JSON.stringify({ changes }));
  const [add, change, destroy] = counts(changes);
  say(`Plan: ${add} to add, ${change} to change, ${destroy} to destroy.`);
}

function show(file: string): void {
  const { changes } = JSON.parse(readFileSync(file, "utf8")) as { changes: Record<string, Change> };
  const resourceChanges = Object.entries(changes).map(([address, action]) => ({
    address,
    mode: "managed",
    change: { actions: [action] },
  }));
  say(JSON.stringify({ format_version: "1.2", terraform_version: "1.11.0", resource_changes: resourceChanges }));
}

function apply(file: string): void {
  const { changes } = JSON.parse(readFileSync(file, "utf8")) as { changes: Record<string, Change> };
  const state: Record<string, string> = { ...readState() };
  for (const { address, body } of readResources()) {
    if (changes[address] === "no-op") continue;
    say(`${address}: Creating...`);
    const refusal = /postcondition \{[\s\S]*error_message = "([^"]+)"/.exec(body)?.[1];
    if (refusal !== undefined) {
      writeState(state);
      fail(`Resource postcondition failed\n\n  with ${address},\n\n${refusal}`);
    }
    state[address] = body;
    say(`${address}: Creation complete after 0s`);
  }
  for (const [address, action] of Object.entries(changes)) if (action === "delete") delete state[address];
  writeState(state);
  const [add, change, destroy] = counts(changes);
  say(`\nApply complete! Resources: ${add} added, ${change} changed, ${destroy} destroyed.`);
}

function changesBetween(before: State, resources: readonly Resource[]): Record<string, Change> {
  const changes: Record<string, Change> = {};
  for (const { address, body } of resources) {
    changes[address] = before[address] === undefined ? "create" : before[address] === body ? "no-op" : "update";
  }
  for (const address of Object.keys(before)) changes[address] ??= "delete";
  return changes;
}

function counts(changes: Readonly<Record<string, Change>>): readonly [number, number, number] {
  const of = (wanted: Change) => Object.values(changes).filter((change) => change === wanted).length;
  return [of("create"), of("update"), of("delete")];
}

function readResources(): readonly Resource[] {
  const text = readFileSync("main.tf", "utf8");
  return [...text.matchAll(/^resource "([^"]+)" "([^"]+)" \{\n([\s\S]*?)^\}/gm)].map(([, type, name, body]) => ({
    address: `${type}.${name}`,
    body: body ?? "",
  }));
}

/** Its own folder beside the module's working copies, since those are thrown away after each deployment. */
function stateFile(): string {
  const { bucket, key } = JSON.parse(readFileSync(BACKEND_FILE, "utf8")) as {
    bucket: string | null;
    key: string | null;
  };
  if (bucket === null || key === null) return "terraform.tfstate";
  // biome-ignore lint/style/noProcessEnv: a program of its own, told by whoever starts it
  const folder = process.env["WINDLASS_STAND_IN_STATE"] ?? join(homedir(), ".windlass-stand-in");
  return join(folder, bucket, key);
}

function readState(): State {
  try {
    return JSON.parse(readFileSync(stateFile(), "utf8")) as State;
  } catch {
    return {};
  }
}

function writeState(state: State): void {
  const file = stateFile();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(state, null, 2));
}

function option(args: readonly string[], name: string): string | undefined {
  return args.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(message: string): never {
  process.stderr.write(`\nError: ${message}\n`);
  process.exit(1);
}
