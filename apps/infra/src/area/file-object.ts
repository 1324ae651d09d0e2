import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Stack } from "aws-cdk-lib";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { Construct } from "constructs";
import { partitionOf } from "../area-names.ts";

/**
 * A file that is deployed into the account's bucket of the CDK's bootstrap. Its place is known at synthesis, in words and
 * not in placeholders: user data and variables can carry it.
 */
export class FileObject extends Construct {
  readonly bucket: string;
  readonly key: string;
  readonly arn: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;

  constructor(scope: Construct, id: string, path: string) {
    super(scope, id);
    const { account, region, synthesizer } = Stack.of(this);
    this.sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
    const asset = new Asset(this, "Asset", { path, assetHash: this.sha256 });
    this.bucket = `cdk-${synthesizer.bootstrapQualifier ?? "hnb659fds"}-assets-${account}-${region}`;
    this.key = asset.s3ObjectKey;
    this.arn = `arn:${partitionOf(region)}:s3:::${this.bucket}/${this.key}`;
  }
}
