import { CALL_FAULTS } from "./call-faults.ts";
import type { FaultInfo } from "./fault-info.ts";

/**
 * Everything that the simulator lets go wrong. `number` is for the list alone, two forms of one fault share it; `chance` is for each
 * occasion, in a run that has the fault at all; `because` says where such a thing was seen or is documented.
 */

const LAMBDA_ASYNC = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html";
const S3_CONDITIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html";
const ASG_GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/";

export const FAULTS = {
  "tick-twice": { number: 1, what: "one event is delivered two or three times", chance: 0.06, because: LAMBDA_ASYNC },
  "tick-late": {
    number: 2,
    what: "a tick comes minutes to hours after its event",
    chance: 0.03,
    because: LAMBDA_ASYNC,
  },
  "ticks-lost": {
    number: 3,
    what: "1 to 100 ticks in a row do not come",
    chance: 0.01,
    because: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html",
  },
  "ticks-overlap": {
    number: 4,
    what: "2 to 4 ticks run at once",
    chance: 0.08,
    because: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
  },
  "lambda-dies-before": {
    number: 5,
    what: "the function ends before a call takes effect",
    chance: 0.006,
    because: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
  },
  "lambda-dies-after": {
    number: 6,
    what: "the function ends after a call's effect, before its reply",
    chance: 0.006,
    because: "aws-powertools/powertools-lambda#53",
  },
  "runner-cut-off": {
    number: 7,
    what: "a runner's calls fail for minutes, and it lives on",
    chance: 0.08,
    because: "github-aws-runners/terraform-aws-github-runner#5085",
  },
  "runner-pauses": {
    number: 7,
    what: "a runner stands still for minutes, then goes on",
    chance: 0.1,
    because: "https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html",
  },
  "clock-skew": {
    number: 8,
    what: "a machine's clock is off by up to 5 minutes",
    chance: 0.35,
    because: "octokit/auth-app.js#146",
  },
  "daylight-saving": {
    number: 9,
    what: "daylight saving begins or ends in the area's zone",
    chance: 1,
    because: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
  },
  "s3-conflict": { number: 11, what: "S3 answers 409 to a conditional write", chance: 0.04, because: S3_CONDITIONS },
  "stale-reads": {
    number: 12,
    what: "EC2 and Auto Scaling show what was up to a minute ago",
    chance: 0.12,
    because: "https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html",
  },
  "registry-throttled": { number: 13, what: "a burst of throttling by ECR", chance: 0.02, because: "kargo#2836" },
  "tag-moves-in-tick": {
    number: 16,
    what: "the tag moves while a tick or a pull is under way",
    chance: 0.06,
    because: "aws/amazon-ecs-agent#4226",
  },
  "tag-back": {
    number: 17,
    what: "the tag goes back to an older digest",
    chance: 0.12,
    because: "fluxcd/kustomize-controller#1583",
  },
  "tag-vanishes": {
    number: 18,
    what: "the tag is taken off for a while",
    chance: 0.05,
    because: "aws/containers-roadmap#2746",
  },
  "image-expires": {
    number: 19,
    what: "an image's digest is deleted from the registry",
    chance: 0.08,
    because: "aws/containers-roadmap#2746",
  },
  "layers-missing": {
    number: 20,
    what: "the digest is there, its layers can not be pulled",
    chance: 0.05,
    because: "aws/containers-roadmap#2746",
  },
  "no-capacity": {
    number: 22,
    what: "EC2 has no capacity for the next launches",
    chance: 0.06,
    because: "github-aws-runners/terraform-aws-github-runner#2925",
  },
  "launch-suspended": {
    number: 23,
    what: "Launch is suspended for the deploy group",
    chance: 0.04,
    because: `${ASG_GUIDE}as-suspend-resume-processes.html`,
  },
  "group-rebalances": {
    number: 24,
    what: "the group launches a second instance beside the first",
    chance: 0.06,
    because: `${ASG_GUIDE}auto-scaling-benefits.html`,
  },
  "host-shuts-down": {
    number: 25,
    what: "the host shuts itself down and is replaced",
    chance: 0.05,
    because: `${ASG_GUIDE}ec2-auto-scaling-health-checks.html`,
  },
  "slow-termination": {
    number: 26,
    what: "an instance takes up to 20 minutes to terminate",
    chance: 0.1,
    because: `${ASG_GUIDE}lifecycle-hooks.html`,
  },
  "boot-fails": {
    number: 27,
    what: "an instance boots and its runner never starts, or hours late",
    chance: 0.1,
    because: "github-aws-runners/terraform-aws-github-runner#3493",
  },
  "evening-action": {
    number: 28,
    what: "the group's scheduled action sets it to 0 at any moment",
    chance: 0.06,
    because: `${ASG_GUIDE}ec2-auto-scaling-scheduled-scaling.html`,
  },
  "runner-killed": {
    number: 29,
    what: "the runner gets SIGTERM, then SIGKILL",
    chance: 0.1,
    because: "flux-iac/tofu-controller#531",
  },
  "host-lost": {
    number: 30,
    what: "the hardware under an instance is gone",
    chance: 0.12,
    because: "flux-iac/tofu-controller#531",
  },
  "out-of-memory": {
    number: 31,
    what: "the kernel kills Terraform (137)",
    chance: 0.08,
    because: "flux-iac/tofu-controller#1838",
  },
  "provider-crashes": {
    number: 32,
    what: "a provider crashes after its effect",
    chance: 0.15,
    because: "hashicorp/terraform#27474",
  },
  "state-not-stored": {
    number: 33,
    what: "Terraform can not upload its state",
    chance: 0.15,
    because: "hashicorp/terraform#28708",
  },
  "state-cut": {
    number: 34,
    what: "the stored state is cut short or gone",
    chance: 0.2,
    because: "hashicorp/terraform#30266",
  },
  "own-stale-lock": {
    number: 35,
    what: "a dead attempt of our own left a state lock",
    chance: 1,
    because: "flux-iac/tofu-controller#1876",
  },
  "strange-lock": {
    number: 36,
    what: "a stranger holds the state lock",
    chance: 0.08,
    because: "hashicorp/terraform#16652",
  },
  "credentials-expire": {
    number: 37,
    what: "Terraform's credentials end within apply",
    chance: 0.12,
    because: "hashicorp/terraform#15688",
  },
  "disk-full": {
    number: 38,
    what: "the disk is full when the image is pulled",
    chance: 0.08,
    because: "https://docs.docker.com/engine/storage/drivers/",
  },
  "result-broken": {
    number: 39,
    what: "the result is cut short, or of another attempt",
    chance: 0.06,
    because: "aws-powertools/powertools-lambda#53",
  },
  ...CALL_FAULTS,
} as const satisfies Readonly<Record<string, FaultInfo>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];
