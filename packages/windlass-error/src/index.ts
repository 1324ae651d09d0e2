export { describeError, type ErrorDetails, WindlassError } from "./windlass-error.ts";
