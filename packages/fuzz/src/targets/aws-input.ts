import type { Answer, Envelope, SandboxWorld } from "../sandbox-world.ts";
import { findFormMismatch, findJsonMismatch, inputOf } from "../service-model.ts";
import { promise } from "../target.ts";

const JSON_SERVICES = ["ecr", "secretsmanager"];

/**
 * What was accepted is something that AWS's own clients could have sent: of all that the model knows, nothing is of
 * another type, so that nothing was taken for what it is not, or passed over.
 */
export async function checkInput({ sandbox }: SandboxWorld, envelope: Envelope, answer: Answer): Promise<void> {
  const entry = sandbox.calls.entries.findLast(({ requestId }) => requestId === answer.headers["x-amzn-requestid"]);
  promise(entry !== undefined, "what is accepted is in the log of calls");
  const { service, action, input } = entry;
  const schema = inputOf(service, action);
  promise(schema !== null, "an action that is answered is one of the service's", { service, action });
  const isJson = JSON_SERVICES.includes(service);
  const given = isJson ? parse(envelope.body) : input;
  const mismatch = isJson ? findJsonMismatch(schema, given) : findFormMismatch(service)(schema, given);
  promise(mismatch === null, `what ${service}:${action} accepts is of the model's types: ${mismatch}`, given);
}

function parse(body: string): unknown {
  return body === "" ? {} : JSON.parse(body);
}
