import { percentDecode } from "../core/percent-decode.ts";
import { type ActionContext, AwsFault, type PlainRequest, type PlainResponse } from "../core/service.ts";
import type { AuthErrors, Operation, WireService } from "../core/wire-service.ts";
import { schedulesOf } from "./schedules-state.ts";

/** Amazon EventBridge Scheduler over its REST protocol, as far as schedules can be looked at. None of them ever fires. */
export function createSchedulerWire(): WireService {
  return {
    name: "scheduler",
    // https://docs.aws.amazon.com/scheduler/latest/APIReference/CommonErrors.html
    throttling: { code: "ThrottlingException", status: 429, message: "Rate exceeded" },
    authErrors,
    routes: [],
    speaks: ({ path }) => path.startsWith("/schedules/"),
    open,
    encodeFault: ({ code, status, message }) => answer(status, { Message: message }, { "x-amzn-errortype": code }),
  };
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html; the group is `default` when not named. */
function open({ method, path, query }: PlainRequest, context: ActionContext): Operation {
  const [, name] = /^\/schedules\/([^/]+)$/.exec(path) ?? [];
  if (method !== "GET" || name === undefined) {
    throw new AwsFault("UnknownOperationException", `the sandbox's Scheduler has no ${method} ${path}`, {
      status: 404,
    });
  }
  const input = { Name: percentDecode(name) ?? name, GroupName: query.get("groupName") ?? "default" };
  return { action: "GetSchedule", input, perform: () => getSchedule(input, context) };
}

function getSchedule(
  { Name: name, GroupName: group }: { readonly Name: string; readonly GroupName: string },
  { world, caller, region }: ActionContext,
): PlainResponse {
  const found = schedulesOf({ world, account: caller.account, region }).get(`${group}/${name}`);
  if (found === undefined) {
    throw new AwsFault("ResourceNotFoundException", `Schedule ${name} does not exist.`, { status: 404 });
  }
  return answer(200, {
    Arn: `arn:aws:scheduler:${region}:${caller.account}:schedule/${group}/${name}`,
    Name: name,
    GroupName: group,
    ScheduleExpression: found.expression,
    ScheduleExpressionTimezone: found.timezone,
    State: found.enabled ? "ENABLED" : "DISABLED",
  });
}

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): PlainResponse {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

const authErrors: AuthErrors = {
  missing: { code: "MissingAuthenticationToken", status: 403, message: "Missing Authentication Token" },
  malformed: { code: "IncompleteSignature", status: 400, message: "The request signature is malformed" },
  unknownKey: {
    code: "UnrecognizedClientException",
    status: 403,
    message: "The security token included in the request is invalid.",
  },
  expired: {
    code: "ExpiredTokenException",
    status: 403,
    message: "The security token included in the request is expired",
  },
  expiredUrl: { code: "AccessDeniedException", status: 403, message: "Request has expired" },
};
