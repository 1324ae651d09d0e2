import { redactText } from "@windlass/redaction";
import { describeError } from "@windlass/windlass-error";

/** One thing that was looked at. */
export interface Finding {
  /** `unknown`: the person's own rights do not reach so far; that is no fault of the area. */
  readonly kind: "ok" | "warning" | "problem" | "unknown";
  readonly code: string;
  readonly subject: string;
  readonly message: string;
  /** What a person can do; null where nothing is to be done. */
  readonly hint: string | null;
}

export function ok(code: string, subject: string, message: string): Finding {
  return { kind: "ok", code, subject, message, hint: null };
}

export interface Trouble {
  readonly code: string;
  readonly subject: string;
  readonly message: string;
  readonly hint: string;
}

export function problem(trouble: Trouble): Finding {
  return { kind: "problem", ...trouble };
}

export function warning(trouble: Trouble): Finding {
  return { kind: "warning", ...trouble };
}

/** Looks at one thing; that it may not be looked at, or gives no answer, is a finding of its own. */
export interface Look {
  readonly subject: string;
  /** The permission that it takes. */
  readonly needs: string;
  readonly look: () => Promise<readonly Finding[]>;
}

export async function findOut({ subject, needs, look }: Look): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (isDenied(error)) {
      const message = "it could not be looked at: you may not";
      return [{ kind: "unknown", code: "not-permitted", subject, message, hint: `it takes ${needs}` }];
    }
    const message = `it could not be looked at: ${redactText(describeError(error))}`;
    return [
      problem({ code: "unreadable", subject, message, hint: "try again; if it stays so, look at it in the console" }),
    ];
  }
}

/** S3 and SNS say it in their own words. */
export function isDenied(error: unknown): boolean {
  const names = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "no-permission",
  ];
  return names.some((name) => isNamed(error, name));
}

/** AWS names its errors; a `WindlassError` has a code. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && (error.name === name || ("code" in error && error.code === name));
}
