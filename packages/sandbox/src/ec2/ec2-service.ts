import type { Service } from "../core/service.ts";
import { instanceActions } from "./instance-actions.ts";
import { tagActions } from "./tag-actions.ts";
import { templateActions } from "./template-actions.ts";

/** The part of Amazon EC2 that Windlass meets; see `BEHAVIOUR-compute.md` for what it does and why. */
export const ec2Service: Service = {
  name: "ec2",
  protocol: "ec2-query",
  xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
  version: "2016-11-15",
  actions: { ...instanceActions, ...tagActions, ...templateActions },
  throttling: { code: "RequestLimitExceeded", status: 503, message: "Request limit exceeded." },
};
