import type { Service } from "../core/service.ts";
import { assumeRole } from "./assume-role.ts";
import { stableId } from "./stable-id.ts";

/** AWS Security Token Service: who one is, and sessions of roles. Regional and global endpoints are the same here. */
export const stsService: Service = {
  name: "sts",
  protocol: "query",
  xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  version: "2011-06-15",
  actions: {
    // No permission is needed: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    GetCallerIdentity: (_input, { caller }) => ({ Arn: caller.arn, UserId: userId(caller), Account: caller.account }),
    AssumeRole: assumeRole,
  },
};

function userId({ account, role, session }: { account: string; role: string | null; session: string | null }): string {
  return role === null ? stableId("AIDA", account) : `${stableId("AROA", `${account}/${role}`)}:${session}`;
}
