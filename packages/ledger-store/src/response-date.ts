import type { GetObjectCommand } from "@aws-sdk/client-s3";

export interface ResponseDate {
  /** When S3 answered, by its own clock; null before an answer, or where it does not say. */
  date(): Date | null;
}

/** The client's output has no `Date` header, so this looks at the answer beneath it. */
export function recordResponseDate(command: GetObjectCommand): ResponseDate {
  let seen: Date | null = null;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      seen = readDate(result.response);
      return result;
    },
    { step: "deserialize", name: "windlassResponseDate", priority: "high" },
  );
  return { date: () => seen };
}

/** The SDK has made the names of the headers lower-case. */
function readDate(response: unknown): Date | null {
  if (typeof response !== "object" || response === null || !("headers" in response)) return null;
  const headers: unknown = response.headers;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return null;
  const date = new Date(String(headers.date));
  return Number.isNaN(date.getTime()) ? null : date;
}
