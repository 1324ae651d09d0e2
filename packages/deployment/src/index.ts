export type { ControlOutcome } from "./apply-controls.ts";
export { type AreaControl, type Control, controlSchema, type ImageControl, isAreaControl } from "./control.ts";
export { DeploymentError, type DeploymentErrorCode } from "./deployment-error.ts";
export { type DeploymentReport, makeReport, type ReportSource } from "./deployment-report.ts";
export { describeReason } from "./describe-reason.ts";
export { explainLedger } from "./explain-ledger.ts";
export {
  type DeploymentId,
  deploymentId,
  deploymentIdSchema,
  epochOf,
  type ImageDigest,
  type Instant,
  imageDigestSchema,
  isFullCommit,
  parseImageDigest,
  toInstant,
} from "./identifiers.ts";
export { isLeaving } from "./is-leaving.ts";
export type {
  Attempts,
  Deployment,
  GroupRefresh,
  Head,
  Hold,
  ImageRecord,
  Ledger,
  Live,
  Refresh,
  Request,
} from "./ledger.ts";
export { deploymentSchema } from "./ledger.ts";
export { emptyLedger, type LedgerScope, parseLedger, serializeLedger } from "./ledger-file.ts";
export type {
  ControlsReading,
  GroupInstance,
  GroupReading,
  GroupsReading,
  HeadReading,
  InstanceReading,
  LaunchFailure,
  ListedControl,
  Observation,
  RecordReading,
  RefreshReading,
  RefreshStatus,
  RunReading,
  Unreadable,
} from "./observation.ts";
export type { Outcome } from "./outcome.ts";
export type { Action, Effect, Note, Plan, ReadPlan } from "./plan.ts";
export { planReads, type ReadsInput } from "./plan-reads.ts";
export { planReports, type ReportPlan } from "./plan-reports.ts";
export { type ExplainedPlan, explainTick, planTick } from "./plan-tick.ts";
export { type ControlPreview, type PreviewInput, previewControl } from "./preview-control.ts";
export type { Reason } from "./reason.ts";
export {
  type DeliveredTask,
  type DeliveryRound,
  type NewTrouble,
  type PlaceResult,
  recordDeliveries,
} from "./record-deliveries.ts";
export { recordEffects } from "./record-effects.ts";
export type { ReportInput, Sinks } from "./report-input.ts";
export type { PlaceName } from "./report-places.ts";
export type { ReportPlace, ReportRecord, ReportStage } from "./report-record.ts";
export { asksGitHub, type ReportTask } from "./report-task.ts";
export {
  areaTitle,
  describeBrokenLock,
  describeDuration,
  describeNext,
  describePlan,
  holdCommand,
  logsCommand,
  retryCommand,
} from "./report-words.ts";
export type { RuleAnswer, RuleName } from "./rule.ts";
export {
  type Assignment,
  assignmentSchema,
  type BrokenLock,
  type Cancel,
  type Claim,
  cancelSchema,
  claimSchema,
  type Failure,
  failureSchema,
  type Lease,
  leaseSchema,
  type Phase,
  type PlanCounts,
  type Result,
  resultSchema,
} from "./run-records.ts";
export { LEASE_EXPIRY_SECONDS } from "./watch-holder.ts";
export { isWindowOpen, type WindowState, windowAt } from "./window.ts";
