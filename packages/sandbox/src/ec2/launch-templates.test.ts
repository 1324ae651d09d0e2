import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { createScaling, settle } from "../auto-scaling/testing/scaling-fixture.ts";

describe("launch templates", () => {
  it("have versions, of which one is the default", async () => {
    const { ec2 } = createScaling();
    const LaunchTemplateName = "web";
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName,
        LaunchTemplateData: {
          ImageId: "ami-1",
          InstanceInitiatedShutdownBehavior: "terminate",
          IamInstanceProfile: { Name: "web-role" },
          MetadataOptions: { InstanceMetadataTags: "enabled" },
          TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
        },
      }),
    );
    const { LaunchTemplateVersion } = await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName,
        SourceVersion: "1",
        LaunchTemplateData: { ImageId: "ami-2" },
      }),
    );
    await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateName, DefaultVersion: "2" }));

    expect(LaunchTemplate).toMatchObject({ LaunchTemplateName, DefaultVersionNumber: 1, LatestVersionNumber: 1 });
    expect(LaunchTemplateVersion?.VersionNumber).toBe(2);
    const { LaunchTemplateVersions } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ["$Default", "1"] }),
    );
    expect(LaunchTemplateVersions).toMatchObject([
      {
        VersionNumber: 2,
        DefaultVersion: true,
        LaunchTemplateData: {
          ImageId: "ami-2",
          InstanceInitiatedShutdownBehavior: "terminate",
          IamInstanceProfile: { Name: "web-role" },
          MetadataOptions: { InstanceMetadataTags: "enabled" },
          TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
        },
      },
      { VersionNumber: 1, DefaultVersion: false, LaunchTemplateData: { ImageId: "ami-1" } },
    ]);
  });

  it("give their tags to instances, over which a group's tag wins", async () => {
    const { compute, groups, clock } = createScaling();
    compute.createLaunchTemplate("tagged", { tags: { a: "template", b: "template" }, profile: "web-role" });
    groups.createGroup("other", { desired: 1, launchTemplate: "tagged", tags: { a: "group" } });

    await clock.advance(settle);

    expect(compute.instances()[0]).toMatchObject({
      allTags: { a: "group", b: "template" },
      tags: null,
      role: "web-role",
    });
  });

  it("are unique by name, and unknown where they are not there", async () => {
    const { ec2 } = createScaling();
    const create = (LaunchTemplateName: string) =>
      ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: {} }));
    await create("mine");
    const again = create("mine");
    const malformed = create("my template");
    const missing = ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ["other"] }));

    await expect(again).rejects.toMatchObject({ name: "InvalidLaunchTemplateName.AlreadyExistsException" });
    await expect(malformed).rejects.toMatchObject({ name: "InvalidLaunchTemplateName.MalformedException" });
    await expect(missing).rejects.toMatchObject({ name: "InvalidLaunchTemplateName.NotFoundException" });
  });
});
