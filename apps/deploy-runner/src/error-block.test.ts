import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createErrorCollector } from "./error-block.ts";

const PLAIN = `
Warning: Deprecated argument

  on main.tf line 1

Error: creating the bucket: BucketAlreadyExists

  with aws_s3_bucket.site,
  on main.tf line 4, in resource "aws_s3_bucket" "site":
   4: resource "aws_s3_bucket" "site" {

The name is taken.
`;

const BOXED = `╷
│ Error: creating the bucket: BucketAlreadyExists
│ 
│   with aws_s3_bucket.site,
│ 
│ The name is taken.
╵
`;

function messageOf(...pieces: readonly string[]): string | null {
  const errors = createErrorCollector(4000);
  for (const piece of pieces) errors.push(piece);
  return errors.message();
}

describe("createErrorCollector", () => {
  it("takes the error's whole text, without what was said before", () => {
    expect(messageOf(PLAIN)).toBe(
      [
        "Error: creating the bucket: BucketAlreadyExists",
        "",
        "  with aws_s3_bucket.site,",
        '  on main.tf line 4, in resource "aws_s3_bucket" "site":',
        '   4: resource "aws_s3_bucket" "site" {',
        "",
        "The name is taken.",
      ].join("\n"),
    );
  });

  it("takes the box off", () => {
    expect(messageOf(BOXED)).toBe(
      "Error: creating the bucket: BucketAlreadyExists\n\n  with aws_s3_bucket.site,\n\nThe name is taken.",
    );
  });

  it("takes all errors, without the warnings between them", () => {
    expect(messageOf("Error: one\n\nfirst\n", "\nWarning: two\n\nsecond\n", "\nError: three\n\nthird\n")).toBe(
      "Error: one\n\nfirst\n\nError: three\n\nthird",
    );
  });

  it("leaves out what an interrupt made every resource say, unless nothing else was said", () => {
    const halted = "\nError: execution halted\n\n";

    expect(messageOf(halted, halted, "Error: provisioner error\n\nkilled\n")).toBe(
      "Error: provisioner error\n\nkilled",
    );
    expect(messageOf(halted, halted)).toBe("Error: execution halted");
  });

  it("has no message where there is no error", () => {
    expect(messageOf("all is well\n", "An Error: would begin its line\n")).toBeNull();
  });

  it("takes a last line without its end", () => {
    expect(messageOf("Error: cut o", "ff")).toBe("Error: cut off");
  });

  it("never gets longer than it may, and says where it was cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 80 }), { maxLength: 40 }),
        fc.integer({ min: 20, max: 300 }),
        (lines, limit) => {
          const errors = createErrorCollector(limit);
          const text = `Error: first\n${lines.join("\n")}`;
          errors.push(text);

          const message = errors.message() ?? "";
          const whole = messageOf(text) ?? "";

          expect(message.length).toBeLessThanOrEqual(limit);
          expect(message).toBe(whole.length <= limit ? whole : `${whole.slice(0, limit - 6)}\n[cut]`);
        },
      ),
    );
  });

  it("does not depend on how the output was cut", () => {
    const whole = `${PLAIN}${BOXED}Error: last`;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 20 }), (cuts) => {
        const borders = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const pieces = borders.slice(1).map((end, index) => whole.slice(borders[index], end));

        expect(messageOf(...pieces)).toBe(messageOf(whole));
      }),
    );
  });
});
