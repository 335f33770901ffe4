/** A tier that another tool has made, under its own names, taken over as it runs: nothing of it moves. */
import { describe, expect, it } from "vitest";
import { exampleSpec, type Installation, WEB_API } from "../../support/installation.ts";
import { arnOf, converged, driftEvents, somebody } from "../world.ts";

const GROUP = "tf-web-asg";
const TEMPLATE = "tf-web-lt";
const TAGGING = [
  "autoscaling:CreateOrUpdateTags",
  "cloudwatch:TagResource",
  "ec2:CreateTags",
  "elasticloadbalancing:AddTags",
];

interface Spec {
  management?: string;
  loadBalancer: { name?: string };
  targetGroups: { web: { name?: string } };
  autoScalingGroups: {
    web: {
      name?: string;
      maxSize: number;
      launchTemplate: Record<string, unknown>;
      scalingPolicies: Record<string, Record<string, unknown>>;
    };
  };
  alarms: Record<string, Record<string, unknown>>;
}

/** The example, under names that Terraform would give. */
function spec(management: "Manage" | "Observe", change: (spec: Spec) => void = () => {}): Spec {
  const made = exampleSpec() as unknown as Spec;
  made.management = management;
  made.loadBalancer.name = "tf-web-alb";
  made.targetGroups.web.name = "tf-web-tg";
  made.autoScalingGroups.web.name = GROUP;
  made.autoScalingGroups.web.launchTemplate.name = TEMPLATE;
  for (const [name, policy] of Object.entries(made.autoScalingGroups.web.scalingPolicies))
    policy.name = `tf-${name}`;
  for (const [name, alarm] of Object.entries(made.alarms)) alarm.name = `tf-${name}`;
  made.alarms.slow = {
    name: "tf-slow",
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: { LoadBalancer: { ref: "loadBalancer" } },
    extendedStatistic: "p99",
    threshold: 2,
    comparisonOperator: "GreaterThanThreshold",
  };
  change(made);
  return made;
}

const versionsOf = async (installation: Installation) =>
  (await somebody(installation, "ec2:DescribeLaunchTemplateVersions", { LaunchTemplateName: TEMPLATE }))
    .LaunchTemplateVersions as unknown as {
    VersionNumber: number;
    DefaultVersion: boolean;
    LaunchTemplateData: Record<string, unknown>;
  }[];
const groupOf = async (installation: Installation) =>
  (await somebody(installation, "autoscaling:DescribeAutoScalingGroups", { AutoScalingGroupNames: [GROUP] }))
    .AutoScalingGroups[0] as unknown as {
    LaunchTemplate: { LaunchTemplateId: string; Version: string };
    Instances: { InstanceId: string; LaunchTemplate: { Version: string } }[];
  };
const idsOf = async (installation: Installation) =>
  (await groupOf(installation)).Instances.map(({ InstanceId }) => InstanceId).sort();

/**
 * Nothing in it says that Holdfast has ever seen it: no tag, no row, no version of ours. Its group goes by `$Latest`, or
 * runs a version by its number while another one is the default; its versions hold what no spec can say.
 */
async function madeByAnother(version = "$Latest"): Promise<Installation> {
  const installation = await converged(spec("Manage"));
  installation.post(spec("Observe"));
  await installation.until(() =>
    installation.store.made(WEB_API).every(({ origin }) => origin === "observed"),
  );
  const [{ LaunchTemplateData: data } = { LaunchTemplateData: {} }] = await versionsOf(installation);
  const make = (more: object) =>
    somebody(installation, "ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateName: TEMPLATE,
      LaunchTemplateData: { ...data, ...more },
    });
  await make({ InstanceType: "t3.small" });
  await make({ Placement: { SpreadDomain: "others" } });
  const DefaultVersion = version === "$Default" ? "3" : "2";
  await somebody(installation, "ec2:ModifyLaunchTemplate", { LaunchTemplateName: TEMPLATE, DefaultVersion });
  await somebody(installation, "ec2:DeleteLaunchTemplateVersions", {
    LaunchTemplateName: TEMPLATE,
    Versions: ["1"],
  });
  await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
    AutoScalingGroupName: GROUP,
    LaunchTemplate: { LaunchTemplateName: TEMPLATE, Version: version },
  });
  await somebody(installation, "autoscaling:StartInstanceRefresh", { AutoScalingGroupName: GROUP });
  await somebody(installation, "cloudwatch:PutMetricAlarm", {
    AlarmName: "tf-slow",
    Namespace: "AWS/ApplicationELB",
    MetricName: "TargetResponseTime",
    Dimensions: [
      { Name: "LoadBalancer", Value: arnOf(installation, "loadBalancer").split("loadbalancer/")[1] },
    ],
    ExtendedStatistic: "p99",
    EvaluateLowSampleCountPercentile: "ignore",
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 2,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "missing",
  });
  await installation.restart({ lost: true });
  await installation.clock.advance(3_600_000);
  expect((await groupOf(installation)).Instances.map(({ LaunchTemplate }) => LaunchTemplate.Version)).toEqual(
    expect.arrayContaining(["3"]),
  );
  return installation;
}

async function observed(version?: string): Promise<Installation> {
  const installation = await madeByAnother(version);
  installation.post(spec("Observe"));
  await installation.untilReady();
  return installation;
}

async function writesUntilReady(installation: Installation, posted: Spec): Promise<string[]> {
  const before = installation.mutations().length;
  installation.post(posted);
  await installation.untilReady();
  await installation.clock.advance(120_000);
  return installation.mutations().slice(before);
}

describe.each(["$Latest", "$Default", "3"])(
  "a tier of another tool, whose group runs version 3 as %s",
  (version) => {
    it("equals the spec that says what runs, whichever version is the default", async () => {
      const installation = await observed(version);
      expect(installation.condition("Synced")?.reason).toBe("InSync");
      expect(installation.mutations()).toEqual([]);
      expect(new Set(installation.get().status?.plan?.rows.map(({ verb }) => verb))).toEqual(
        new Set(["adopt"]),
      );
    });

    it("is taken over with its instances untouched, its versions, and its default", async () => {
      const installation = await observed(version);
      const before = [await idsOf(installation), await versionsOf(installation), await groupOf(installation)];
      const written = await writesUntilReady(installation, spec("Manage"));
      expect(new Set(written)).toEqual(new Set(TAGGING));
      const { Tags: _ours, ...group } = (await groupOf(installation)) as unknown as Record<string, unknown>;
      expect([await idsOf(installation), await versionsOf(installation)]).toEqual(before.slice(0, 2));
      expect(before[2]).toMatchObject(group);
    });

    it("gets its next version when it is edited, with what the spec cannot say, and nothing launches it before", async () => {
      const installation = await observed(version);
      await writesUntilReady(installation, spec("Manage"));
      const written = await writesUntilReady(
        installation,
        spec("Manage", ({ autoScalingGroups: { web } }) => {
          web.launchTemplate.instanceType = "t3.large";
        }),
      );
      expect(written).toEqual([
        ...(version === "3" ? [] : ["autoscaling:UpdateAutoScalingGroup"]),
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ModifyLaunchTemplate",
        "autoscaling:StartInstanceRefresh",
      ]);
      const made = (await versionsOf(installation)).find(({ DefaultVersion }) => DefaultVersion);
      expect(made).toMatchObject({
        VersionNumber: 4,
        LaunchTemplateData: { InstanceType: "t3.large", Placement: { SpreadDomain: "others" } },
      });
      expect((await groupOf(installation)).LaunchTemplate.Version).toBe("4");
    });
  },
);

describe("a version that somebody else has made and that holds what is wanted", () => {
  it.each([
    ["is the default", "4", "$Latest"],
    ["is not the default", "2", "4"],
  ])(
    "is taken as it is where it %s, and nothing goes on being done",
    async (_which, DefaultVersion, named) => {
      const installation = await observed();
      await writesUntilReady(installation, spec("Manage"));
      await somebody(installation, "ec2:CreateLaunchTemplateVersion", {
        LaunchTemplateName: TEMPLATE,
        SourceVersion: "3",
        LaunchTemplateData: { InstanceType: "t3.large" },
      });
      await somebody(installation, "ec2:ModifyLaunchTemplate", {
        LaunchTemplateName: TEMPLATE,
        DefaultVersion,
      });
      const written = await writesUntilReady(
        installation,
        spec("Manage", ({ autoScalingGroups: { web } }) => {
          web.launchTemplate.instanceType = "t3.large";
        }),
      );
      expect(written).not.toContain("ec2:CreateLaunchTemplateVersion");
      expect(written.filter((operation) => operation === "ec2:ModifyLaunchTemplate")).toHaveLength(
        DefaultVersion === "4" ? 0 : 1,
      );
      const { LaunchTemplate, Instances } = await groupOf(installation);
      expect(LaunchTemplate.Version).toBe(named);
      expect(new Set(Instances.map((instance) => instance.LaunchTemplate.Version))).toEqual(new Set(["4"]));
      expect(installation.condition("Stalled")?.status).toBe("False");
      await writesUntilReady(installation, spec("Manage"));
      expect((await groupOf(installation)).LaunchTemplate.Version).toBe("3");
    },
  );
});

describe("what the spec cannot say of what was taken over", () => {
  it("stays in whole-object calls, and only a later change of it is drift", async () => {
    const installation = await observed();
    await writesUntilReady(installation, spec("Manage"));
    const alarm = async () =>
      (await somebody(installation, "cloudwatch:DescribeAlarms", { AlarmNames: ["tf-slow"] }))
        .MetricAlarms[0] as unknown as Record<string, unknown>;
    await writesUntilReady(
      installation,
      spec("Manage", ({ alarms }) => {
        alarms.slow = { ...alarms.slow, threshold: 3 };
      }),
    );
    expect(await alarm()).toMatchObject({ Threshold: 3, EvaluateLowSampleCountPercentile: "ignore" });
    const { AlarmArn: _arn, StateValue: _state, ...now } = await alarm();
    await somebody(installation, "cloudwatch:PutMetricAlarm", {
      ...now,
      EvaluateLowSampleCountPercentile: "evaluate",
    });
    // What is as if nobody had said it is missing.
    installation.controller.request(WEB_API);
    await installation.clock.advance(300_000);
    expect(driftEvents(installation)).toMatchObject([
      { resource: "alarms.slow", field: "unknown.EvaluateLowSampleCountPercentile", state: "Corrected" },
    ]);
    expect(await alarm()).toMatchObject({ EvaluateLowSampleCountPercentile: "ignore" });
  });

  it("comes back with what is made anew", async () => {
    const installation = await observed();
    await writesUntilReady(installation, spec("Manage"));
    await somebody(installation, "cloudwatch:DeleteAlarms", { AlarmNames: ["tf-slow"] });
    installation.controller.request(WEB_API);
    await installation.clock.advance(300_000);
    const { MetricAlarms } = await somebody(installation, "cloudwatch:DescribeAlarms", {
      AlarmNames: ["tf-slow"],
    });
    expect(MetricAlarms).toMatchObject([{ EvaluateLowSampleCountPercentile: "ignore" }]);
  });
});
