import { describeError, WindlassError } from "@windlass/windlass-error";

type GroupErrorCode = "group-not-found" | "launch-suspended";

class GroupError extends WindlassError<GroupErrorCode> {
  override readonly name = "GroupError";
}

const error = new GroupError({
  code: "launch-suspended",
  message: "the group can not launch instances",
  expected: "no suspended processes",
  found: "Launch",
  where: "deploy-group",
  hint: "resume the process Launch in the Auto Scaling console",
});

export const line = describeError(error);
// deploy-group: the group can not launch instances: expected no suspended processes, found Launch (launch-suspended). Hint: resume the process Launch in the Auto Scaling console
