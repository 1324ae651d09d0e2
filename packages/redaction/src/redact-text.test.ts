import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, redactText } from "./redact-text.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const body = (length: number) => "aB3dE5fG7hJ9".repeat(Math.ceil(length / 12)).slice(0, length);
const SECRETS = {
  "an access key": "AKIA" + "IOSFODNN7EXAMPLE",
  "a temporary access key": "ASIA" + "IOSFODNN7EXAMPLE",
  "a session token": `IQoJb3JpZ2lu${body(300)}/+==`,
  "a URL-encoded session token": `IQoJb3JpZ2lu${body(100)}%2F%2B%3D`,
  "a GitHub token": `ghp_${body(36)}`,
  "a stateless GitHub token": `ghs_12345_${body(40)}.${body(200)}.${body(80)}`,
  "a fine-grained GitHub token": `github_pat_${body(60)}`,
  "a GitLab token": `glpat-${body(20)}`,
  "an npm token": `npm_${body(36)}`,
  "a Slack token": `xoxb-${body(40)}`,
  "a JSON web token": `eyJ${body(20)}.eyJ${body(60)}.${body(43)}`,
  "an App's JSON web token": `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI${body(80)}.${body(342)}`,
  "a short stateless GitHub token": `ghs_12345_${body(12)}`,
  "a Stripe key": `sk_live_${body(24)}`,
  "a Google API key": `AIza${body(35)}`,
  "a Slack webhook": `hooks.slack.com/services/T${body(10)}/B${body(10)}/${body(24)}`,
  "another session token": `FwoGZXIvYXdz${body(200)}==`,
  "an old session token": `AQoDYXdz${body(200)}`,
  "a GitHub user token": `ghu_${body(36)}`,
  "a GitHub refresh token": `ghr_${body(76)}`,
  "a private key in base64": `LS0tLS1CRUdJTiBSU0E${body(400)}==`,
};

const PEM = [
  "-----BEGIN RSA PRIVATE KEY-----",
  ...Array.from({ length: 25 }, () => body(64)),
  "-----END RSA PRIVATE KEY-----",
];

describe("redactText", () => {
  it.each(Object.entries(SECRETS))("takes out %s wherever it stands in a line", (_name, secret) => {
    const shown = redactText(`before ${secret} after\n  + x = "${secret}"\n${secret}`);

    expect(shown).not.toContain(secret.slice(0, 24));
    expect(shown).toMatch(/^before \[redacted [^\]]+\] after\n {2}\+ x = "\[redacted [^\]]+\]"\n\[redacted [^\]]+\]$/);
  });

  it.each([
    ['  + password      = "hunter2 is long"', "  + password      = [redacted value]"],
    ['  ~ db_password = "old" -> "new"', "  ~ db_password = [redacted value] -> [redacted value]"],
    ['{"SecretAccessKey":"abc/def","Expiration":"x"}', '{"SecretAccessKey":[redacted value],"Expiration":"x"}'],
    ["export API_KEY=abc123;", "export API_KEY=[redacted value];"],
    ["client_secret: 'it is one'", "client_secret: [redacted value]"],
    ["  token: abc123", "  token: [redacted value]"],
    ['"{\\"password\\":\\"hunter2\\"}"', '"{\\"password\\":\\"[redacted value]\\"}"'],
    ["https://example.com/?token=abc&page=2", "https://example.com/?token=[redacted value]&page=2"],
    ["postgres://admin:hunter2@db:5432/x", "postgres://admin:[redacted password]@db:5432/x"],
    ["GET https://b.s3/k?X-Amz-Signature=0123abc&x=1", "GET https://b.s3/k?X-Amz-Signature=[redacted signature]&x=1"],
    [
      "https://b.s3/k?X-Amz-Security-Token=IQo%2Fcanary%3D&X-Amz-Credential=AKIAX%2F2026",
      "https://b.s3/k?X-Amz-Security-Token=[redacted signature]&X-Amz-Credential=[redacted signature]",
    ],
    [`AWS4-HMAC-SHA256 Signature=${"ab".repeat(32)}`, "AWS4-HMAC-SHA256 Signature=[redacted signature]"],
    ["Authorization: Bearer abcdefghijklmnop1234", "Authorization: Bearer [redacted authorization]"],
  ])("takes the value out of %s", (line, shown) => {
    expect(redactText(line)).toBe(shown);
  });

  it.each([
    '  + variable "area" = "staging"',
    "  + password = (sensitive value)",
    "  + password = (known after apply)",
    "  + password = null",
    "Error: invalid token: expected a name",
    "aws_secretsmanager_secret.db: Creation complete after 1s [id=arn:aws:secretsmanager:eu-north-1:111111111111:secret:db]",
    "image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "git_2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    "terraform_data.a: Creation complete after 3s [id=1f0c2f36-0c1c-7f5e-54b3-8c0ff7e2ca12]",
    "https://user@example.com:8443/path",
  ])("leaves %s as it is", (line) => {
    expect(redactText(line)).toBe(line);
  });

  it("takes out a whole PEM block, with whatever stands before its lines", () => {
    const lines = PEM.map((line) => `terraform_data.x (local-exec): ${line}`);

    const shown = redactText(["before", ...lines, "after"].join("\n"));

    expect(shown).toBe("before\nterraform_data.x (local-exec): [redacted PEM block]\nafter");
  });

  it("takes out a PEM block that is written in one line", () => {
    expect(redactText(`key = "${PEM.join("\\n")}" # done`)).toBe('key = "[redacted PEM block]" # done');
  });

  it("shows what follows a PEM block's end, and a second block is one, too", () => {
    expect(redactText(["a", ...PEM, ...PEM, "b"].join("\n"))).toBe("a\n[redacted PEM block]\n[redacted PEM block]\nb");
  });

  it("goes on after the mere beginning of a PEM block, once no key could be that long", () => {
    const shown = redactText(
      `${["-----BEGIN NOTHING-----", ...Array.from({ length: 300 }, (_, n) => `line ${n}`)].join("\n")}`,
    );

    expect(shown).toContain("line 299");
    expect(shown).not.toContain("line 200\n");
  });

  it("takes out values that are known to be secret, unless they are too short to be", () => {
    const shown = redactText("a correct-horse-battery b test c", { literals: ["correct-horse-battery", "test"] });

    expect(shown).toBe("a [redacted credential] b test c");
  });

  it.each([
    [
      "one begins with another",
      ["abcdefghijkl", "abcdefghijklmnop"],
      "x abcdefghijklmnop y",
      "x [redacted credential] y",
    ],
    ["one begins within another", ["abcdefghijkl", "ghijklmnopqr"], "abcdefghijklmnopqr", "[redacted credential]"],
    ["one overlaps itself", ["abababababab"], "ababababababab", "[redacted credential]"],
    [
      "two lines are one",
      ["abcdefghijkl\nmnopqrstuvwx"],
      "abcdefghijkl\nmnopqrstuvwx",
      "[redacted credential]\n[redacted credential]",
    ],
    ["one is a pattern, too", ["$&.*(?:x)+$1^["], "a $&.*(?:x)+$1^[ b", "a [redacted credential] b"],
  ])("takes known secrets out whole: %s", (_what, literals, text, shown) => {
    expect(redactText(text, { literals })).toBe(shown);
  });

  it("does not show the beginning of a known secret at the end of what is shown of a line", () => {
    const filler = "word ".repeat(52_427);

    const shown = redactText(`${filler} pass!word$12 that is long`, {
      literals: ["pass!word$12 that", "xyzxyzxyzxyz"],
    });

    expect(shown).toContain("word  [redacted credential][the rest of a line");
  });

  it("cuts a line that is too long, without showing half a token", () => {
    const secret = SECRETS["an access key"];
    const filler = "word ".repeat(52_427);

    const shown = redactText(`${filler}${secret}${body(300)} x\nnext`);

    expect(filler.length + secret.length).toBeGreaterThan(262_144);
    expect(shown).not.toContain("AKIA");
    expect(shown).toContain("[the rest of a line of over 262144 characters is left out]\nnext");
  });

  it("shows nothing of a line within a PEM block, however long it is", () => {
    const long = body(300_000);
    const shown = redactText(`-----BEGIN KEY-----\n${long}\n${long} ${"w ".repeat(200_000)}\n-----END KEY-----after\n`);

    expect(shown).toBe(
      "[redacted PEM block]\n[the rest of a line of over 262144 characters is left out]\n[the rest of a line of over 262144 characters is left out]\nafter\n",
    );
  });

  it("comes to an end with long lines of what its patterns begin with", () => {
    for (const unit of ["a", "-", "a.", "eyJ", "password ", '"', "://", "-----BEGIN A-----"]) {
      const line = unit.repeat(Math.floor(200_000 / unit.length));

      expect(redactText(`${line}\n-----END A-----end`)).toMatch(/end$/);
    }
  });
});

describe("createRedactor", () => {
  it("takes out values that have become known while the text went on", () => {
    const known = ["the-first-secret-value"];
    const redactor = createRedactor({ literals: () => known });

    const before = redactor.push("the-first-secret-value the-second-secret-value\n");
    known.push("the-second-secret-value", "short");
    const after = redactor.push("the-second-secret-value short\n");

    expect(before).toBe("[redacted credential] the-second-secret-value\n");
    expect(after).toBe("[redacted credential] short\n");
  });

  const piece = fc.oneof(
    fc.constantFrom(...Object.values(SECRETS)),
    fc.constantFrom(...PEM, PEM.join("\n"), PEM.join("\\n")),
    fc.constantFrom(
      "\n",
      "\n",
      " ",
      "=",
      '"',
      "password = ",
      "-----BEGIN X-----",
      "-----END X-----",
      "\r\n",
      "é",
      "🚀",
    ),
    fc.string({ maxLength: 12 }),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));

  it("shows the same, however the text was cut into pieces", () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 50 }), (whole, sizes) => {
        const redactor = createRedactor();

        const shown =
          cut(whole, sizes)
            .map((part) => redactor.push(part))
            .join("") + redactor.end();

        expect(shown).toBe(redactText(whole));
      }),
    );
  });

  it("shows the same, also of lines that are too long", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 6 });
    const length = fc.integer({ min: 262_140, max: 262_150 });
    fc.assert(
      fc.property(sizes, length, (cuts, characters) => {
        const whole = `${"word ".repeat(60_000).slice(0, characters)}\nnext\n${"x".repeat(characters)}`;
        const redactor = createRedactor();

        const shown =
          cut(whole, cuts)
            .map((part) => redactor.push(part))
            .join("") + redactor.end();

        expect(shown).toBe(redactText(whole));
      }),
      { numRuns: 20 },
    );
  });

  it("holds back no more of a line than it may, and goes on with the next", () => {
    const redactor = createRedactor();
    const shown = ["word ".repeat(60_000), "word ".repeat(60_000), "word\nnext"].map((piece) => redactor.push(piece));

    expect(shown[0]).toMatch(/characters is left out\]$/);
    expect(shown.slice(1)).toEqual(["", "\n"]);
    expect(redactor.end()).toBe("next");
  });

  it("never shows a secret, not even in parts of the output", () => {
    const secret = fc.constantFrom(...Object.values(SECRETS));
    const before = fc.constantFrom("", " ", "\n", 'x = "', "é\n", "key: ", "[", "id=");
    const after = fc.constantFrom("", " ", "\n", '"', ",", ")", "\n\n");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(before, secret, after), { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 9 }),
        (parts, size) => {
          const redactor = createRedactor();
          const whole = parts.map((part) => part.join("")).join("\n");

          const shown =
            cut(whole, [size + 1])
              .map((part) => redactor.push(part))
              .join("") + redactor.end();

          for (const [, value] of parts) expect(shown).not.toContain(value.slice(0, 24));
        },
      ),
    );
  });

  it("leaves text without secrets alone", () => {
    const harmless = fc.stringMatching(/^[a-z0-9 .,()[\]\n-]{0,200}$/).filter((line) => !line.includes("-----"));
    fc.assert(
      fc.property(harmless, (line) => {
        fc.pre(!/bearer|basic|npm_|glpat|xox/.test(line));

        expect(redactText(line)).toBe(line);
      }),
    );
  });
});

/** Into pieces of these lengths, again and again. */
function cut(whole: string, sizes: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    pieces.push(whole.slice(at, at + size));
    at += size;
  }
  return pieces;
}
