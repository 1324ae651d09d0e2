import { describe, expect, it } from "vitest";
import { isLeaving } from "./is-leaving.ts";

describe("an instance", () => {
  it.each(["Terminating", "Terminating:Wait", "Terminating:Proceed", "Terminated", "Detaching", "Detached"])(
    "that is %s is on its way out of the group",
    (lifecycle) => {
      expect(isLeaving(lifecycle)).toBe(true);
    },
  );

  it.each(["Pending", "InService", "Standby", "EnteringStandby", "", "Terminating:Retained"])(
    "that is %j stays until somebody terminates it",
    (lifecycle) => {
      expect(isLeaving(lifecycle)).toBe(false);
    },
  );
});
