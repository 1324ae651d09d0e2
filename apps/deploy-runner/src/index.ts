export { createDirectoryEngine, type DirectoryEngineOptions } from "./directory-engine.ts";
export type { Engine, RunningStep, Step, StepCommand, StepExit, Workspace } from "./engine.ts";
export type { Identity, RunnerGroup, RunnerLog, RunnerPorts, RunnerStore, RunSettings, RunTimings } from "./ports.ts";
export { type RunEnd, type RunWork, runDeployment } from "./run-deployment.ts";
export { type RunnerClock, systemClock } from "./runner-clock.ts";
export { RunnerError, type RunnerErrorCode } from "./runner-error.ts";
export { createStop, type Stop, type StopReason } from "./stop.ts";
