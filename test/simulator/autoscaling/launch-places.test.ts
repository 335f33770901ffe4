import { describe, expect, it } from "vitest";
import { ask, GROUP, group, groupLab, refusalText, zones } from "./support.ts";

describe("a group by Availability Zones", () => {
  it("launches into the default subnets of its zones, and can move to subnets", async () => {
    const lab = await groupLab({
      VPCZoneIdentifier: undefined,
      AvailabilityZones: ["us-east-1a", "us-east-1c"],
    });
    expect(await zones(lab)).toEqual(["a", "c"]);
    expect(await group(lab)).toMatchObject({
      VPCZoneIdentifier: "",
      AvailabilityZones: ["us-east-1a", "us-east-1c"],
    });
    await ask(lab, "UpdateAutoScalingGroup", { VPCZoneIdentifier: "subnet-1b" });
    expect(await group(lab)).toMatchObject({ AvailabilityZones: ["us-east-1b"] });
    expect(
      await refusalText(lab, "autoscaling:UpdateAutoScalingGroup", {
        AutoScalingGroupName: "web",
        VPCZoneIdentifier: "",
      }),
    ).toBe("ValidationError: At least one Availability Zone or VPC Subnet is required.");
    expect(
      await lab.refusal("autoscaling:CreateAutoScalingGroup", {
        ...GROUP,
        AutoScalingGroupName: "other",
        VPCZoneIdentifier: undefined,
        AvailabilityZones: ["us-east-1f"],
      }),
    ).toBe("ValidationError");
  });
});

describe("a template that no launch would take", () => {
  it("is made with a warning, and refused to a group, an update and a refresh", async () => {
    const lab = await groupLab();
    const LaunchTemplateData = {
      ImageId: "ami-12345678",
      BlockDeviceMappings: [
        { DeviceName: "/dev/sdf", Ebs: { VolumeType: "standard", VolumeSize: 8, Iops: 100 } },
      ],
    };
    const { Warning } = await lab.call<{ Warning: object }>("ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateName: "web",
      LaunchTemplateData,
    });
    const words = "The parameter iops is not supported for standard volumes.";
    expect(Warning).toEqual({ Errors: [{ Code: "InvalidParameterCombination", Message: words }] });
    const LaunchTemplate = { LaunchTemplateName: "web", Version: "2" };
    const refused = `ValidationError: You must use a valid fully-formed launch template. ${words}`;
    const web = { AutoScalingGroupName: "web" };
    for (const [operation, input] of [
      ["CreateAutoScalingGroup", { ...GROUP, AutoScalingGroupName: "other", LaunchTemplate }],
      ["UpdateAutoScalingGroup", { ...web, LaunchTemplate }],
      ["StartInstanceRefresh", { ...web, DesiredConfiguration: { LaunchTemplate } }],
    ] as const) {
      expect(await refusalText(lab, `autoscaling:${operation}`, input), operation).toBe(refused);
    }
  });
});

describe("scaling activities", () => {
  it("are filtered by start and status, in AWS's words when they are not", async () => {
    const lab = await groupLab();
    const count = async (...Filters: object[]): Promise<number> =>
      (await ask<{ Activities: object[] }>(lab, "DescribeScalingActivities", { Filters })).Activities.length;
    const now = new Date(lab.clock.nowMs()).toISOString();
    expect(await count({ Name: "Status", Values: ["Successful", "Failed"] })).toBe(2);
    expect(await count({ Name: "Status", Values: ["Failed"] })).toBe(0);
    expect(await count({ Name: "StartTimeUpperBound", Values: [now.slice(0, 19)] })).toBe(2);
    expect(await count({ Name: "StartTimeLowerBound", Values: [now] })).toBe(0);
    const all = { Filters: [{ Name: "Status", Values: ["Failed"] }] };
    expect(await lab.refusal("autoscaling:DescribeScalingActivities", all)).toBe("ValidationError");
    expect(
      await refusalText(lab, "autoscaling:DescribeScalingActivities", { Filters: [{ Name: "x" }] }),
    ).toMatch(/^ValidationError: Filter name x is not valid/);
  });
});
