export type {
  ActiveDeploymentView,
  AreaView,
  AttemptsView,
  BlockView,
  ControlsView,
  ControlView,
  FailureView,
  HeadView,
  HoldView,
  ImageView,
  LedgerView,
  Links,
  LiveView,
  PauseView,
  Standing,
  VersionView,
} from "./area-view.ts";
export { githubPages } from "./github-pages.ts";
export { type LogPlace, logUrlOf } from "./log-url.ts";
export {
  type DeliveryDay,
  type DeliveryMeasures,
  type DeliverySpan,
  measureDelivery,
  type Spread,
} from "./measure-delivery.ts";
export { type AreaInput, runsToRead, viewArea } from "./view-area.ts";
export {
  type DeploymentInput,
  type DeploymentView,
  type RefreshedGroup,
  type ReportView,
  type TimelineEvent,
  viewDeployment,
} from "./view-deployment.ts";
export {
  type DeploymentSummary,
  type HistoryFilter,
  type HistoryInput,
  type HistoryView,
  viewHistory,
} from "./view-history.ts";
export { type PromotedImage, type PromotionStep, type PromotionView, viewPromotion } from "./view-promotion.ts";
