/** One call of a process, as far as faults and checks look at it. */
export interface CallTarget {
  /** As in `ecr.ap-southeast-2.amazonaws.com`: the first word. */
  readonly service: string;
  /** Whether it is a conditional write. */
  readonly conditional: boolean;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** What is asked, for people: `s3 PUT /bucket/ledger.json`, `autoscaling SetDesiredCapacity`. */
  readonly name: string;
}

/** Of AWS's SDK, as far as it is looked at. */
interface AwsRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export function awsTarget({ headers, hostname, method, path, body: sent }: AwsRequest): CallTarget {
  const service = serviceOf(hostname);
  const body = typeof sent === "string" ? sent : "";
  const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? body : "";
  const action = headers["x-amz-target"]?.split(".").at(-1) ?? formValue(form, "Action") ?? `${method} ${path}`;
  const conditional = headers["if-none-match"] !== undefined || headers["if-match"] !== undefined;
  return { service, conditional, method, path, body, name: `${service} ${action}` };
}

export function fetchTarget(input: unknown, init: RequestInit | undefined): CallTarget {
  const url = String(input);
  const service = url.includes("api.github.com") ? "github" : "blob";
  const method = init?.method ?? "GET";
  const body = typeof init?.body === "string" ? init.body : "";
  // The sandbox numbers installations for the whole process: a second run has another.
  const name = `${service} ${method} ${new URL(url).pathname.replace(/\/installations\/\d+/, "/installations/...")}`;
  return { service, conditional: false, method, path: url, body, name };
}

/** A member of a request in the form of AWS's query protocols; null where there is none. */
export function formValue(body: string, member: string): string | null {
  return new URLSearchParams(body).get(member);
}

/** The service that a host name of AWS is of, as request signatures name it. */
export function serviceOf(hostname: string): string {
  const labels = hostname.split(".");
  if (labels.includes("s3")) return "s3";
  if (hostname.startsWith("api.ecr.")) return "ecr";
  return labels[0] ?? "unknown";
}
