import { AwsFault } from "../core/service.ts";

export interface GitHubFaultOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a 422. */
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
  /** Further members of the body. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An error as GitHub answers it: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export class GitHubFault extends AwsFault {
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly Readonly<Record<string, unknown>>[] | undefined;

  constructor(status: number, message: string, options: GitHubFaultOptions = {}) {
    super(String(status), message, { status, ...(options.extra === undefined ? {} : { extra: options.extra }) });
    this.headers = options.headers ?? {};
    this.errors = options.errors;
  }
}

export function notFound(): GitHubFault {
  return new GitHubFault(404, "Not Found");
}

export function invalid(...errors: readonly Readonly<Record<string, unknown>>[]): GitHubFault {
  return new GitHubFault(422, "Validation Failed", { errors });
}
