export {
  createSnsNotifier,
  type Publication,
  type PublishOptions,
  type SnsNotifier,
  type SnsNotifierOptions,
  type SnsTopics,
} from "./sns-notifier.ts";
export { SnsNotifierError, type SnsNotifierErrorCode } from "./sns-notifier-error.ts";
