import type { Service } from "../core/service.ts";
import { groupActions } from "./group-actions.ts";
import { memberActions } from "./member-actions.ts";
import { processActions } from "./process-actions.ts";
import { refreshActions } from "./refresh-actions.ts";
import { scheduleActions } from "./schedule-actions.ts";
import { tagActions } from "./tag-actions.ts";

/** Amazon EC2 Auto Scaling; see `BEHAVIOUR-compute.md` for what it does and why. */
export const autoScalingService: Service = {
  name: "autoscaling",
  protocol: "query",
  xmlNamespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
  version: "2011-01-01",
  actions: {
    ...groupActions,
    ...memberActions,
    ...tagActions,
    ...processActions,
    ...scheduleActions,
    ...refreshActions,
  },
  throttling: { code: "Throttling", status: 400, message: "Rate exceeded" },
};
