import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SessionPolicyScope, sessionPolicy } from "./session-policy.ts";

const SCOPE: SessionPolicyScope = {
  stateBucket: "windlass-state-333333333333",
  region: "ap-southeast-2",
  image: "dga/network",
  state: "managed",
};

interface Statement {
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: { readonly StringLike: Readonly<Record<string, string | readonly string[]>> };
}

interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** As IAM evaluates what this policy is made of; anything else in it is an error here. */
function allows(scope: SessionPolicyScope, request: Request): boolean {
  const { Statement } = JSON.parse(sessionPolicy(scope)) as { readonly Statement: readonly Statement[] };
  return Statement.some((statement) => {
    const known = ["Effect", "Action", "Resource", "NotResource", "Condition"];
    expect(known).toEqual(expect.arrayContaining(Object.keys(statement)));
    expect(statement.Effect).toBe("Allow");
    const { Action, Resource, NotResource, Condition = { StringLike: {} } } = statement;
    expect(Object.keys(Condition)).toEqual(["StringLike"]);
    expect(Resource === undefined).toBe(NotResource !== undefined);
    const named =
      NotResource === undefined ? isLike(Resource ?? [], request.resource) : !isLike(NotResource, request.resource);
    const met = Object.entries(Condition.StringLike).every(([key, patterns]) => {
      const value = request.context?.[key];
      return value !== undefined && isLike(patterns, value);
    });
    return isLike(Action, request.action) && named && met;
  });
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html: `*` and `?`, also over slashes. */
function isLike(patterns: string | readonly string[], value: string): boolean {
  return [patterns].flat().some((pattern) => {
    const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(value);
  });
}

const READ_WRITE = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
const ANY_OBJECT_ACTION = fc.constantFrom(
  ...READ_WRITE,
  ...["s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"],
);

const imageName = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,30}$/)
  .filter((name) => !name.includes("/store/") && !/(?:^|\/)(?:\.{0,2})(?:\/|$)/.test(name));
const scopes = fc.record({
  stateBucket: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]$/),
  region: fc.constantFrom("ap-southeast-2", "cn-north-1", "us-gov-west-1"),
  image: imageName,
  state: fc.constantFrom("image" as const, "managed" as const, "store" as const),
});

function objectIn({ stateBucket, region }: SessionPolicyScope, key: string): string {
  return `${bucketArn(stateBucket, region)}/${key}`;
}

function bucketArn(bucket: string, region: string): string {
  if (region.startsWith("cn-")) return `arn:aws-cn:s3:::${bucket}`;
  return region.startsWith("us-gov-") ? `arn:aws-us-gov:s3:::${bucket}` : `arn:aws:s3:::${bucket}`;
}

/** The keys that `terraformCommands` and the state folder use. */
function ownKeys({ image, state }: SessionPolicyScope): readonly string[] {
  if (state === "store") return [`state/${image}/store/terraform.tfstate`, `state/${image}/store/deep/er.json`];
  return [`state/${image}.tfstate`, `state/${image}.tfstate.tflock`];
}

describe("a session of the apply role", () => {
  it("may do to this image's own state what Terraform and the runner need", () => {
    fc.assert(
      fc.property(scopes, fc.constantFrom(...READ_WRITE), (scope, action) => {
        for (const key of ownKeys(scope)) expect(allows(scope, { action, resource: objectIn(scope, key) })).toBe(true);
      }),
    );
  });

  it("may do nothing to any other object of the state bucket", () => {
    const keys = fc.oneof(
      fc.constantFrom("ledger.json", "state/", "state"),
      fc
        .tuple(fc.constantFrom("runs", "controls", "history", "state"), fc.string({ maxLength: 40 }))
        .map((parts) => parts.join("/")),
    );
    fc.assert(
      fc.property(scopes, keys, ANY_OBJECT_ACTION, (scope, key, action) => {
        const own = scope.state === "store" && key.startsWith(`state/${scope.image}/store/`);
        fc.pre(!own && !ownKeys(scope).includes(key));

        expect(allows(scope, { action, resource: objectIn(scope, key) })).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it("may do nothing to another image's state, however alike their names are", () => {
    const alike = imageName.chain((image) =>
      fc.record({
        image: fc.constant(image),
        other: fc.oneof(
          imageName,
          fc
            .tuple(fc.constantFrom(".", "-", "/", ".tfstate", "/store", ".tfstate/", "a"), imageName)
            .map(([joint, end]) => `${image}${joint}${end}`)
            .filter((name) => !name.includes("/store/") && !name.includes("//")),
        ),
      }),
    );
    const states = fc.constantFrom("image" as const, "managed" as const, "store" as const);
    fc.assert(
      fc.property(alike, states, states, ANY_OBJECT_ACTION, ({ image, other }, state, otherState, action) => {
        fc.pre(image !== other);
        const scope = { ...SCOPE, image, state };
        for (const key of ownKeys({ ...SCOPE, image: other, state: otherState })) {
          expect(allows(scope, { action, resource: objectIn(scope, key) }), key).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    "s3:PutBucketPolicy",
    "s3:DeleteBucket",
    "s3:PutBucketVersioning",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
    "s3:ListBucketVersions",
    "s3:ListBucket",
  ])("may not do %s to the state bucket as a whole", (action) => {
    fc.assert(
      fc.property(scopes, (scope) => {
        const resource = bucketArn(scope.stateBucket, scope.region);
        expect(allows(scope, { action, resource })).toBe(false);
        for (const prefix of ["", "runs/", "state/", "ledger.json"]) {
          expect(allows(scope, { action, resource, context: { "s3:prefix": prefix } })).toBe(false);
        }
      }),
    );
  });

  it.each([
    ["managed", "state/dga/network.tfstate"],
    ["managed", "env:/"],
    ["store", "state/dga/network/store/"],
  ] as const)("may, with %s state, list %s", (state, prefix) => {
    const resource = bucketArn(SCOPE.stateBucket, SCOPE.region);

    expect(allows({ ...SCOPE, state }, { action: "s3:ListBucket", resource, context: { "s3:prefix": prefix } })).toBe(
      true,
    );
  });

  it.each([
    "arn:aws:s3:ap-southeast-2:333333333333:accesspoint/back-door/object/runs/20261124t090000z-7/result.json",
    "arn:aws:s3::333333333333:accesspoint/back-door.mrap/object/ledger.json",
  ])("may not come in through an access point: %s", (resource) => {
    for (const action of READ_WRITE) expect(allows(SCOPE, { action, resource })).toBe(false);
  });

  it.each([
    ["ec2:RunInstances", "*"],
    ["s3:PutObject", "arn:aws:s3:::somebody-elses-bucket/key"],
    ["s3:PutObject", "arn:aws:s3:::windlass-state-333333333333-logs/key"],
    ["s3:CreateAccessPoint", "arn:aws:s3:ap-southeast-2:333333333333:accesspoint/own"],
  ])("may do %s elsewhere, as far as the role itself may: %s", (action, resource) => {
    expect(allows(SCOPE, { action, resource })).toBe(true);
  });

  // The longest that the account mapping and S3 take.
  it.each(["image", "managed", "store"] as const)(
    "fits into AWS's limit with the longest names, with %s state",
    (state) => {
      const policy = sessionPolicy({
        stateBucket: "b".repeat(63),
        region: "us-gov-west-1",
        image: "i".repeat(256),
        state,
      });

      expect(policy.length).toBeLessThanOrEqual(2_048);
      expect(policy).toMatch(/^[\u0020-\u00ff]+$/);
    },
  );

  it.each(["dga*", "dga?network", "a/store/b", "$" + "{aws:userid}"])("is refused for an image called %s", (image) => {
    expect(() => sessionPolicy({ ...SCOPE, image })).toThrow(/under this name/);
  });
});
