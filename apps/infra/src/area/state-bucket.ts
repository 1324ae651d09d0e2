import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

export interface StateBucketProps {
  readonly bucketName: string;
}

/**
 * The area's state bucket: versioned, encrypted, private, TLS only, and left alone when the stack goes. What a run
 * wrote over is kept for a day; states of Terraform are kept in all their versions.
 */
export class StateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { bucketName }: StateBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      bucketName,
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: "runs", prefix: "runs/", noncurrentVersionExpiration: Duration.days(1) },
        { id: "ledger", prefix: "ledger.json", noncurrentVersionExpiration: Duration.days(90) },
        { id: "controls", prefix: "controls/", noncurrentVersionExpiration: Duration.days(90) },
        { id: "uploads", abortIncompleteMultipartUploadAfter: Duration.days(1), expiredObjectDeleteMarker: true },
      ],
    });
    this.refuseAccessPoints();
    // Not the option of the same name above: that one comes with a Lambda of its own.
    const resource = this.bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Only the roles of this stack use the bucket, each object has one writer and every version of ledger and state is kept; who asks for access records has them from CloudTrail's data events, without a second bucket to guard.",
    });
  }
  /**
   * A request through an access point is for the access point's ARN: a boundary or a session that names the bucket does
   * not see it. The bucket's own policy must allow it as well, whoever asks:
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
   */
  private refuseAccessPoints(): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "NoAccessPoints",
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ["s3:*"],
        resources: [this.bucket.bucketArn, this.bucket.arnForObjects("*")],
        conditions: { Null: { "s3:DataAccessPointArn": "false" } },
      }),
    );
  }
}
