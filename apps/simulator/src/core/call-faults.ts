import type { FaultInfo } from "./fault-info.ts";

const AWS_RETRIES = "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html";
const GITHUB_LIMITS = "https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api";
const ASG_GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/";

/** What goes wrong with GitHub, with single calls, and with what people and refreshes do. */
export const CALL_FAULTS = {
  "github-fails": {
    number: 40,
    what: "GitHub answers 5xx or not at all; its effect may be done",
    chance: 0.05,
    because: "yegor256/0pdd#40",
  },
  "github-limits": {
    number: 41,
    what: "GitHub's secondary or hourly limit, with and without retry-after",
    chance: 0.02,
    because: GITHUB_LIMITS,
  },
  "github-changes": {
    number: 42,
    what: "installation suspended; repository archived, renamed; issue locked, closed, deleted",
    chance: 0.2,
    because: "probot/probot#1482",
  },
  "github-key": {
    number: 43,
    what: "the App's key is revoked, or GitHub's clock is off",
    chance: 0.06,
    because: "octokit/auth-app.js#698",
  },
  canaries: {
    number: 44,
    what: "secrets in Terraform's output, split over chunks",
    chance: 0.5,
    because: "atlantis#163",
  },
  "reply-lost": {
    number: 45,
    what: "a call's effect is done and its reply is lost",
    chance: 0.02,
    because: AWS_RETRIES,
  },
  "call-fails": { number: 46, what: "a call fails, and nothing happened", chance: 0.02, because: AWS_RETRIES },
  "call-throttled": {
    number: 47,
    what: "a call is throttled in its service's own words",
    chance: 0.015,
    because: AWS_RETRIES,
  },
  "call-slow": { number: 48, what: "a call takes up to half a minute", chance: 0.01, because: AWS_RETRIES },
  "request-late": {
    number: 49,
    what: "a request arrives minutes later, when its sender has long given up",
    chance: 0.004,
    because: AWS_RETRIES,
  },
  "runner-dies-at-call": {
    number: 50,
    what: "a runner's process ends at one of its calls",
    chance: 0.006,
    because: "flux-iac/tofu-controller#531",
  },
  "instance-forgotten": {
    number: 51,
    what: "EC2 forgets a terminated instance at once",
    chance: 0.05,
    because: "https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html",
  },
  "refresh-fails": {
    number: 52,
    what: "an instance refresh fails or stalls",
    chance: 0.2,
    because: `${ASG_GUIDE}asg-instance-refresh.html`,
  },
  "control-broken": {
    number: 53,
    what: "a control that is not one, or names nothing",
    chance: 0.4,
    because: "docs/architecture.md",
  },
  "control-twice": {
    number: 54,
    what: "a control is written again after it was applied",
    chance: 0.1,
    because: AWS_RETRIES,
  },
  "bucket-denied": {
    number: 55,
    what: "the state bucket refuses a role for a while",
    chance: 0.12,
    because: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
  },
} as const satisfies Readonly<Record<string, FaultInfo>>;
