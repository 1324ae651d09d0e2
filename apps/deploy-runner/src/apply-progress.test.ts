import { describe, expect, it } from "vitest";
import { createApplyProgress } from "./apply-progress.ts";

describe("createApplyProgress", () => {
  it("counts what apply has finished with: created, modified, destroyed", () => {
    const progress = createApplyProgress(40);

    progress.push("aws_vpc.main: Creating...\naws_vpc.main: Creation complete after 3s [id=vpc-1]\n");
    progress.push(
      "aws_vpc.main: Still creating... [10s elapsed]\naws_s3_bucket.b[0]: Modifications complete after 1m2s [id=b]\n",
    );
    progress.push('module.a.aws_iam_role.r["x y"] (deposed object 1): Destruction complete after 0s\n');

    expect(progress.describe()).toBe("3/40");
  });

  it("counts neither data sources nor what a provisioner prints in between", () => {
    const progress = createApplyProgress(2);

    progress.push("data.aws_region.r: Read complete after 0s [id=eu]\nCreation complete after 3s\n");

    expect(progress.describe()).toBe("0/2");
  });

  it("never says more than there is to do", () => {
    const progress = createApplyProgress(1);

    progress.push("a.b: Creation complete after 1s\na.c: Creation complete after 1s\n");

    expect(progress.describe()).toBe("1/1");
  });

  it("says nothing where the total is not known", () => {
    expect(createApplyProgress(null).describe()).toBeNull();
  });
});
