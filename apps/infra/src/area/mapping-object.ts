import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Construct } from "constructs";
import { FileObject } from "./file-object.ts";

/** Lambda's whole environment has 4 KB, and this much of it is the mapping's; the deploy Lambda checks the same. */
const INLINE_LIMIT = 3 * 1024;

/** The area's slice, as text of a variable or as an object whose key follows from its content. */
export class MappingObject extends Construct {
  /** What `WINDLASS_MAPPING` says. */
  readonly variable: string;
  /** Null where the variable holds the slice itself. */
  readonly arn: string | null;

  constructor(scope: Construct, id: string, slice: string) {
    super(scope, id);
    if (Buffer.byteLength(slice) <= INLINE_LIMIT) {
      this.variable = slice;
      this.arn = null;
      return;
    }
    const file = join(mkdtempSync(join(tmpdir(), "windlass-mapping-")), "mapping.json");
    writeFileSync(file, slice);
    const object = new FileObject(this, "Object", file);
    this.variable = `s3://${object.bucket}/${object.key}`;
    this.arn = object.arn;
  }
}
