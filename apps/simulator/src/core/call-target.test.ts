import { expect, it } from "vitest";
import { awsTarget, fetchTarget, formValue } from "./call-target.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

it("names a call by its action, wherever its service has put it", () => {
  const common = { method: "POST", path: "/" };
  const body = "Action=SetDesiredCapacity&DesiredCapacity=2";
  const scaling = { ...common, hostname: "autoscaling.ap-southeast-2.amazonaws.com", headers: FORM, body };
  const registry = {
    ...common,
    hostname: "api.ecr.ap-southeast-2.amazonaws.com",
    headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.BatchGetImage" },
  };

  expect(awsTarget(scaling).name).toBe("autoscaling SetDesiredCapacity");
  expect(awsTarget(registry).name).toBe("ecr BatchGetImage");
});

it("reads what a form asks for", () => {
  expect(formValue("Action=SetDesiredCapacity&DesiredCapacity=2", "DesiredCapacity")).toBe("2");
  expect(formValue("Action=SetDesiredCapacity", "MaxSize")).toBeNull();
});

it("leaves out numbers that another run in the same process has otherwise", () => {
  const url = "https://api.github.com/app/installations/50000002/access_tokens";

  expect(fetchTarget(url, { method: "POST" }).name).toBe("github POST /app/installations/.../access_tokens");
});
