/** Old versions of a launch template: which go with the next one, and which never do. */
import { beforeAll, describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/model/limits.ts";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { arnOf, converged, nameOf, somebody } from "../world.ts";

const LT = "autoScalingGroups.web.launchTemplate";
const GROUP = "autoScalingGroups.web";
const KEPT = LIMITS.templateVersions;

interface Version {
  readonly VersionNumber: number;
  readonly VersionDescription?: string;
  readonly LaunchTemplateData: object;
}

const template = (installation: Installation) => ({ LaunchTemplateId: arnOf(installation, LT) });

async function versionsOf(installation: Installation): Promise<Version[]> {
  const answer = await somebody(installation, "ec2:DescribeLaunchTemplateVersions", template(installation));
  return (answer.LaunchTemplateVersions as unknown as Version[]).sort(
    (one, other) => one.VersionNumber - other.VersionNumber,
  );
}

const numbersOf = async (installation: Installation) =>
  (await versionsOf(installation)).map(({ VersionNumber }) => VersionNumber);

/**
 * A service with a history: so many versions of ours, each with other content, and version 1 the default.
 * @param others that somebody else has made between the first of ours and the second
 */
async function withHistory(count: number, others = 0): Promise<Installation> {
  const installation = await converged();
  const [first] = await versionsOf(installation);
  for (let made = 0; made < others; made += 1) {
    await somebody(installation, "ec2:CreateLaunchTemplateVersion", {
      ...template(installation),
      SourceVersion: "1",
      VersionDescription: "by hand",
      LaunchTemplateData: { UserData: btoa("others") },
    });
  }
  for (let made = 1; made < count; made += 1) {
    await somebody(installation, "ec2:CreateLaunchTemplateVersion", {
      ...template(installation),
      VersionDescription: `${first!.VersionDescription!.slice(0, -4)}${String(made).padStart(4, "0")}`,
      LaunchTemplateData: { ...first!.LaunchTemplateData, UserData: btoa(String(made)) },
    });
  }
  return installation;
}

const prunings = (installation: Installation) =>
  installation.mutations().filter((one) => one === "ec2:DeleteLaunchTemplateVersions").length;

async function edited(installation: Installation, instanceType = "t3.large"): Promise<void> {
  installation.post(example().withLaunchTemplate({ instanceType }).spec());
  await installation.untilReady();
}

describe("old versions of a launch template", () => {
  it("are left alone as long as nothing else is written: an upgrade begins nothing", async () => {
    const installation = await withHistory(KEPT + 5);
    const calls = installation.mutations().length;
    await installation.clock.advance(3_600_000);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(await numbersOf(installation)).toHaveLength(KEPT + 5);
  });

  it("go with the next one that we make, but for what is kept, the default, and what instances run", async () => {
    const installation = await withHistory(KEPT + 5);
    await edited(installation);
    // Version 1 was named by the group, and its instances ran it.
    expect(await numbersOf(installation)).toEqual([
      1,
      ...Array.from({ length: KEPT }, (_, index) => index + 7),
    ]);
    expect(prunings(installation)).toBe(1);
    await installation.clock.advance(3_600_000);
    expect(prunings(installation)).toBe(1);
  });

  it("that somebody else has made stay, however old", async () => {
    const installation = await withHistory(KEPT + 5, 2);
    await edited(installation);
    const left = (await versionsOf(installation)).filter(
      ({ VersionDescription }) => VersionDescription === "by hand",
    );
    expect(left.map(({ VersionNumber }) => VersionNumber)).toEqual([2, 3]);
    expect(prunings(installation)).toBe(1);
  });

  it("that another group names stay, and so do those that an instance of whomever was launched from", async () => {
    const installation = await withHistory(KEPT + 5);
    const { LaunchTemplateId } = template(installation);
    await somebody(installation, "autoscaling:CreateAutoScalingGroup", {
      AutoScalingGroupName: "others",
      MinSize: 0,
      MaxSize: 1,
      VPCZoneIdentifier: "subnet-1a",
      LaunchTemplate: { LaunchTemplateId, Version: "3" },
    });
    const launched = async (Version: string) => {
      const answer: object = await somebody(installation, "ec2:RunInstances", {
        ...{ MinCount: 1, MaxCount: 1, SubnetId: "subnet-1a" },
        LaunchTemplate: { LaunchTemplateId, Version },
      });
      await installation.clock.advance(120_000);
      const { Instances } = answer as { Instances: { InstanceId: string }[] };
      return { InstanceIds: Instances.map(({ InstanceId }) => InstanceId) };
    };
    await launched("4");
    // As those of a warm pool are.
    await somebody(installation, "ec2:StopInstances", await launched("5"));
    await somebody(installation, "ec2:TerminateInstances", await launched("6"));
    await installation.clock.advance(120_000);
    await edited(installation);
    const numbers = await numbersOf(installation);
    expect(numbers.filter((number) => number < 7)).toEqual([1, 3, 4, 5]);
  });

  describe("while a refresh that somebody has started goes on", () => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await withHistory(KEPT + 5);
      await somebody(installation, "autoscaling:StartInstanceRefresh", {
        AutoScalingGroupName: nameOf(installation, GROUP),
        Preferences: { SkipMatching: false },
      });
    });

    it("stay, all of them", async () => {
      installation.post(example().withLaunchTemplate({ instanceType: "t3.large" }).spec());
      await installation.until(() => installation.mutations().includes("ec2:ModifyLaunchTemplate"));
      expect(await numbersOf(installation)).toHaveLength(KEPT + 6);
      expect(prunings(installation)).toBe(0);
    });
  });

  it("that a standby instance runs stay", async () => {
    const installation = await withHistory(KEPT + 5);
    const AutoScalingGroupName = nameOf(installation, GROUP);
    const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {
      AutoScalingGroupNames: [AutoScalingGroupName],
    });
    const [group] = AutoScalingGroups as unknown as { Instances: { InstanceId: string }[] }[];
    await somebody(installation, "autoscaling:EnterStandby", {
      AutoScalingGroupName,
      InstanceIds: [group!.Instances[0]!.InstanceId],
      ShouldDecrementDesiredCapacity: false,
    });
    installation.post(example().withLaunchTemplate({ instanceType: "t3.large" }).spec());
    await installation.until(() => prunings(installation) === 1);
    expect(await numbersOf(installation)).toContain(1);
  });
});
