import type { Service } from "../core/service.ts";
import { imageReadActions } from "./image-read-actions.ts";
import { imageWriteActions } from "./image-write-actions.ts";
import { layerActions } from "./layer-actions.ts";
import { layerRoute } from "./layer-downloads.ts";
import { repositoryActions } from "./repository-actions.ts";

/**
 * Amazon ECR's private registries; see `BEHAVIOUR-compute.md` for what it does and why, and `BEHAVIOUR-registry.md` for
 * pushing and pulling.
 */
export const ecrService: Service = {
  name: "ecr",
  protocol: "json-1.1",
  actions: { ...repositoryActions, ...imageReadActions, ...imageWriteActions, ...layerActions },
  routes: [layerRoute],
  throttling: { code: "ThrottlingException", status: 429, message: "Rate exceeded" },
};
