import type { OpenArea } from "../open-area.ts";
import { type Finding, findOut, isNamed, ok, problem } from "./finding.ts";

const MEND = "deploy the area's stack again: it sets this";

/** The state bucket, and what it must be: there, versioned, encrypted, private, by TLS only. */
export async function checkBucket(open: OpenArea): Promise<readonly Finding[]> {
  const bucket = open.names.stateBucket;
  const subject = `bucket ${bucket}`;
  const client = await open.clients.s3();
  const s3 = await import("@aws-sdk/client-s3");
  const input = { Bucket: bucket, ExpectedBucketOwner: open.area.account };
  const there = await findOut({
    subject,
    needs: "s3:ListBucket",
    async look() {
      try {
        await client.send(new s3.HeadBucketCommand(input));
        return [ok("bucket-reached", subject, "it is there")];
      } catch (error) {
        if (!isNamed(error, "NotFound") && !isNamed(error, "NoSuchBucket")) throw forbiddenToDenied(error);
        const hint = `deploy the area's stack to account ${open.area.account}, or set infra.bucket in the account mapping`;
        return [problem({ code: "bucket-missing", subject, message: "there is no such bucket", hint })];
      }
    },
  });
  if (there.some(({ kind }) => kind === "problem")) return there;
  const settings = await Promise.all([
    findOut({
      subject: `${subject}: versions`,
      needs: "s3:GetBucketVersioning",
      async look() {
        const { Status } = await client.send(new s3.GetBucketVersioningCommand(input));
        return [
          judge(Status === "Enabled", {
            code: "versioning",
            subject: `${subject}: versions`,
            fine: "every version of ledger and state is kept",
            wrong: "a ledger or a state that is written over is lost",
          }),
        ];
      },
    }),
    findOut({
      subject: `${subject}: encryption`,
      needs: "s3:GetEncryptionConfiguration",
      async look() {
        const answer = await client.send(new s3.GetBucketEncryptionCommand(input));
        const rule = answer.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
        return [
          judge(rule?.SSEAlgorithm !== undefined, {
            code: "encryption",
            subject: `${subject}: encryption`,
            fine: `encrypted at rest (${rule?.SSEAlgorithm})`,
            wrong: "it says nothing of encryption at rest",
          }),
        ];
      },
    }),
    findOut({
      subject: `${subject}: public access`,
      needs: "s3:GetBucketPublicAccessBlock",
      look: async () => [
        judge(await isBlocked(() => client.send(new s3.GetPublicAccessBlockCommand(input))), {
          code: "public-access",
          subject: `${subject}: public access`,
          fine: "blocked in all four ways",
          wrong: "it is not blocked in all four ways",
        }),
      ],
    }),
    findOut({
      subject: `${subject}: TLS`,
      needs: "s3:GetBucketPolicy",
      look: async () => [
        judge(await refusesPlainHttp(() => client.send(new s3.GetBucketPolicyCommand(input))), {
          code: "tls-only",
          subject: `${subject}: TLS`,
          fine: "its policy refuses requests without TLS",
          wrong: "its policy lets requests without TLS in",
        }),
      ],
    }),
  ]);
  return [...there, ...settings.flat()];
}

/** A HEAD has no body to name its error in. */
function forbiddenToDenied(error: unknown): unknown {
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === 403 ? Object.assign(new Error("access denied"), { name: "AccessDenied" }) : error;
}

interface Verdict {
  readonly code: string;
  readonly subject: string;
  readonly fine: string;
  readonly wrong: string;
}

function judge(good: boolean, { code, subject, fine, wrong }: Verdict): Finding {
  return good ? ok(code, subject, fine) : problem({ code: `${code}-missing`, subject, message: wrong, hint: MEND });
}

interface AccessBlock {
  readonly PublicAccessBlockConfiguration?: Readonly<Record<string, boolean | undefined>> | object | undefined;
}

async function isBlocked(ask: () => Promise<AccessBlock>): Promise<boolean> {
  try {
    const found = (await ask()).PublicAccessBlockConfiguration ?? {};
    const switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    return switches.every((name) => (found as Readonly<Record<string, unknown>>)[name] === true);
  } catch (error) {
    if (isNamed(error, "NoSuchPublicAccessBlockConfiguration")) return false;
    throw error;
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html: a denial under aws:SecureTransport false. */
async function refusesPlainHttp(ask: () => Promise<{ readonly Policy?: string | undefined }>): Promise<boolean> {
  try {
    const policy = JSON.parse((await ask()).Policy ?? "{}") as { readonly Statement?: unknown };
    const statements = [policy.Statement ?? []].flat() as readonly Statement[];
    return statements.some(
      ({ Effect, Condition }) => Effect === "Deny" && String(Condition?.Bool?.["aws:SecureTransport"]) === "false",
    );
  } catch (error) {
    if (isNamed(error, "NoSuchBucketPolicy")) return false;
    throw error;
  }
}

interface Statement {
  readonly Effect?: string;
  readonly Condition?: { readonly Bool?: Readonly<Record<string, unknown>> };
}
