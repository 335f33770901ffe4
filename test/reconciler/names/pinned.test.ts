import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { Installation } from "../../support/installation.ts";
import {
  arnOf,
  census,
  converged,
  type Draft,
  loudOfBugs,
  nameOf,
  port,
  scheme,
  serving,
  somebody,
  specWith,
} from "../world.ts";

const LB = "loadBalancer";
const TG = "targetGroups.web";
const GROUP = "autoScalingGroups.web";
const TEMPLATE = `${GROUP}.launchTemplate`;
const POLICY = `${GROUP}.scalingPolicies.cpu`;
const ALARM = "alarms.high-5xx";

const NAMES = {
  [LB]: "prod-web",
  [TG]: "prod-web-8080",
  [GROUP]: "prod/web.asg@1",
  [TEMPLATE]: "prod/web(1).template_x",
  [POLICY]: "cpu at 60 %",
  [ALARM]: "Prod web: too many 5xx",
};
type Place = keyof typeof NAMES;

/** Pins these names, by address. */
const pin = (names: Partial<Record<Place, string>>) => (spec: Draft) => {
  const { web } = spec.autoScalingGroups;
  const parts: Record<Place, object | undefined> = {
    [LB]: spec.loadBalancer,
    [TG]: spec.targetGroups.web,
    [GROUP]: web,
    [TEMPLATE]: web.launchTemplate,
    [POLICY]: web.scalingPolicies.cpu,
    [ALARM]: spec.alarms["high-5xx"],
  };
  for (const [address, name] of Object.entries(names)) Object.assign(parts[address as Place] ?? {}, { name });
};

const pinned = (...changes: ((spec: Draft) => void)[]) =>
  specWith((spec) => {
    for (const change of [pin(NAMES), ...changes]) change(spec);
  });

/** What AWS calls it; a policy without its group. */
const awsNameOf = (installation: Installation, address: string): string => {
  const name = nameOf(installation, address);
  return address === POLICY ? name.slice(name.indexOf(":") + 1) : name;
};

const faultsOf = (edit: () => unknown): string[] => {
  try {
    edit();
  } catch (error) {
    if (error instanceof InvalidSpecError)
      return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
};
const pathsOf = (faults: readonly string[]) =>
  faults.map((fault) => fault.slice(0, fault.indexOf(":"))).sort();

/** Follows the change to its end, and tells the fewest healthy targets that served meanwhile. */
async function fewestServing(installation: Installation, spec: unknown): Promise<number> {
  installation.post(spec);
  let fewest = serving(installation);
  const { metadata } = installation.get();
  await installation.until(() => {
    fewest = Math.min(fewest, serving(installation));
    const { status } = installation.get();
    return (
      status?.observedGeneration === metadata.generation && installation.condition("Ready")?.status === "True"
    );
  }, 3 * 3_600_000);
  return fewest;
}

const instancesOf = (installation: Installation) =>
  installation.account.parts.autoScaling
    .groups()
    .flatMap(({ instances }) => instances.map(({ instanceId }) => instanceId))
    .sort();

/** How many there are of each kind that AWS names. */
async function sizes(installation: Installation): Promise<Record<string, number>> {
  const ask = (operation: Parameters<typeof somebody>[1]) => somebody(installation, operation, {});
  const alarms = (await ask("cloudwatch:DescribeAlarms")).MetricAlarms;
  return {
    balancers: (await ask("elasticloadbalancing:DescribeLoadBalancers")).LoadBalancers.length,
    targetGroups: (await ask("elasticloadbalancing:DescribeTargetGroups")).TargetGroups.length,
    templates: (await ask("ec2:DescribeLaunchTemplates")).LaunchTemplates.length,
    groups: (await ask("autoscaling:DescribeAutoScalingGroups")).AutoScalingGroups.length,
    policies: (await ask("autoscaling:DescribePolicies")).ScalingPolicies.length,
    alarms: alarms.length,
    instances: instancesOf(installation).length,
  };
}

describe("a name that the spec pins", () => {
  it("is what AWS knows the resource by, whatever AWS allows in it", async () => {
    const installation = await converged(pinned());
    for (const [address, name] of Object.entries(NAMES)) expect(awsNameOf(installation, address)).toBe(name);
  });

  it("is found again when the database is lost: nothing is changed and nothing made a second time", async () => {
    const installation = await converged(pinned());
    const before = await census(installation);
    await installation.restart({ lost: true });
    installation.post(pinned());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(installation.mutations()).toEqual([]);
    expect(await census(installation)).toEqual(before);
  });

  it("may be the one that is there already: no call and an empty plan, when it comes and when it goes", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    const there = Object.fromEntries(
      Object.keys(NAMES).map((place) => [place, awsNameOf(installation, place)]),
    );
    const spec = specWith(pin(there));
    expect((await installation.plan(spec)).rows).toEqual([]);
    for (const next of [spec, specWith(() => {})]) {
      installation.post(next);
      await installation.untilReady();
      await installation.clock.advance(600_000);
      expect(installation.mutations().length).toBe(calls);
    }
  });

  it("stays where its child gets another key: the resource is the same, and only its tag is corrected", async () => {
    const installation = await converged(pinned());
    const [arn, calls] = [arnOf(installation, TG), installation.mutations().length];
    const renamed = JSON.parse(
      JSON.stringify(pinned())
        .replaceAll('"targetGroup":"web"', '"targetGroup":"app"')
        .replaceAll("targetGroups.web", "targetGroups.app"),
    );
    renamed.targetGroups = { app: renamed.targetGroups.web };
    renamed.autoScalingGroups.web.targetGroups = ["app"];
    installation.post(renamed);
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(arnOf(installation, "targetGroups.app")).toBe(arn);
    expect(new Set(installation.mutations().slice(calls))).toEqual(new Set(["elasticloadbalancing:AddTags"]));
  });
});

describe("another name", () => {
  it.each([
    ["of a target group", pin({ [TG]: "prod-web-b" })],
    ["of a group", pin({ [GROUP]: "prod-web-b" })],
    ["of a load balancer and its target group", pin({ [LB]: "prod-web-b", [TG]: "prod-web-b" })],
    ["of a launch template", pin({ [TEMPLATE]: "prod-web-b" })],
    ["of a scaling policy and an alarm", pin({ [POLICY]: "cpu-b", [ALARM]: "5xx-b" })],
  ])("%s is a replacement without an outage, and leaves nothing of the old one", async (_, change) => {
    const installation = await converged(pinned());
    const before = await sizes(installation);
    expect(await fewestServing(installation, pinned(change))).toBeGreaterThan(0);
    await installation.clock.advance(3_600_000);
    expect(await sizes(installation)).toEqual(before);
    const now = pinned(change);
    installation.post(now);
    expect((await installation.plan(now)).rows).toEqual([]);
    const names = Object.keys(NAMES).map((place) => awsNameOf(installation, place));
    expect(names.some((name) => /-b$/.test(name))).toBe(true);
  });

  it("of a group that fills no target group keeps as many instances in service", async () => {
    const withWorker = (name: string) =>
      specWith((spec) => {
        const { web } = spec.autoScalingGroups;
        const worker = {
          ...structuredClone(web),
          name,
          targetGroups: [],
          healthCheckType: "EC2",
          minSize: 3,
        };
        Object.assign(spec.autoScalingGroups, { worker: { ...worker, scalingPolicies: {} } });
      });
    const installation = await converged(withWorker("worker-a"));
    const inService = () =>
      installation.account.parts.autoScaling
        .groups()
        .filter(({ name }) => name.startsWith("worker-"))
        .flatMap(({ instances }) => instances)
        .filter(({ lifecycleState }) => lifecycleState === "InService").length;
    let fewest = inService();
    expect(fewest).toBe(3);
    installation.post(withWorker("worker-b"));
    const names = () => installation.account.parts.autoScaling.groups().map(({ name }) => name);
    await installation.until(() => {
      fewest = Math.min(fewest, inService());
      return names().includes("worker-b") && !names().includes("worker-a");
    });
    expect(fewest).toBe(3);
  });

  it("is given when the pins are taken out again, without an outage", async () => {
    const installation = await converged(pinned());
    const before = await sizes(installation);
    expect(
      await fewestServing(
        installation,
        specWith(() => {}),
      ),
    ).toBeGreaterThan(0);
    await installation.clock.advance(3_600_000);
    expect(await sizes(installation)).toEqual(before);
    for (const [address, name] of Object.entries(NAMES))
      expect(awsNameOf(installation, address)).not.toBe(name);
  });

  it("of a load balancer takes the target groups with it whose names are not pinned", async () => {
    const installation = await converged(specWith(pin({ [LB]: "prod-web" })));
    const first = nameOf(installation, TG);
    expect(await fewestServing(installation, specWith(pin({ [LB]: "prod-web-b" })))).toBeGreaterThan(0);
    expect(nameOf(installation, TG)).not.toBe(first);
  });
});

describe("what AWS cannot change in place, under a pinned name that stays", () => {
  it("is refused with every path and the way out, and nothing is stored", async () => {
    const installation = await converged(pinned());
    const { generation } = installation.get().metadata;
    const faults = faultsOf(() =>
      installation.post(
        pinned(port, scheme, (spec) => {
          Object.assign(spec.targetGroups.web, { protocolVersion: "HTTP2" });
          const { cpu } = spec.autoScalingGroups.web.scalingPolicies;
          delete cpu!.targetTracking;
          cpu!.stepScaling = {
            adjustmentType: "ChangeInCapacity",
            stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
          };
        }),
      ),
    );
    expect(pathsOf(faults)).toEqual(
      [`spec.${LB}.scheme`, `spec.${POLICY}`, `spec.${TG}.port`, `spec.${TG}.protocolVersion`].sort(),
    );
    for (const fault of faults) expect(fault).toMatch(/Change or remove `name` in the same edit/);
    expect(installation.get().metadata.generation).toBe(generation);
  });

  it("may be changed with another name, or without one: a replacement is made beside it", async () => {
    const installation = await converged(pinned());
    expect(await fewestServing(installation, pinned(port, pin({ [TG]: "prod-web-9090" })))).toBeGreaterThan(
      0,
    );
    expect(nameOf(installation, TG)).toBe("prod-web-9090");
    const loose = pinned((spec) => {
      port(spec);
      spec.targetGroups.web.port = 7070;
      delete spec.targetGroups.web.name;
    });
    expect(await fewestServing(installation, loose)).toBeGreaterThan(0);
  });

  it("holds of a target group whose load balancer is replaced: AWS lets it serve one at a time", async () => {
    const installation = await converged(pinned());
    const faults = faultsOf(() => installation.post(pinned(pin({ [LB]: "prod-web-b" }))));
    expect(pathsOf(faults)).toEqual([`spec.${TG}.name`]);
    expect(faults[0]).toContain("one load balancer at a time");
  });

  it("is found by the pass where the live one differs: Stalled, and neither a second one nor a deletion", async () => {
    const installation = await converged(pinned());
    await installation.restart({ lost: true });
    const before = await census(installation);
    const wanted = pinned(port);
    installation.post(wanted);
    await installation.until(() => installation.condition("Stalled")?.status === "True");
    if (installation.get().status?.foreignEpoch !== undefined) await installation.confirmEpoch();
    const { reason, message } = installation.condition("Stalled")!;
    expect(reason).toBe("ImmutableDiffers");
    expect(message).toContain("port is 8080, and the spec asks for 9090");
    expect(message).toContain("change or remove `name`");
    await installation.clock.advance(3_600_000);
    expect(await census(installation)).toEqual(before);
    expect(installation.mutations().filter((call) => !/Tags/.test(call))).toEqual([]);
    installation.post(pinned());
    await installation.untilReady();
    expect(await census(installation)).toEqual(before);
  });
});

describe("a pinned name that somebody else's resource has", () => {
  const create = {
    [LB]: (i: Installation) =>
      somebody(i, "elasticloadbalancing:CreateLoadBalancer", {
        Name: NAMES[LB],
        Subnets: ["subnet-1a", "subnet-1b"],
      }),
    [TG]: (i: Installation) =>
      somebody(i, "elasticloadbalancing:CreateTargetGroup", {
        Name: NAMES[TG],
        Protocol: "HTTP",
        Port: 8080,
        VpcId: "vpc-12345678",
      }),
    [TEMPLATE]: (i: Installation) =>
      somebody(i, "ec2:CreateLaunchTemplate", {
        LaunchTemplateName: NAMES[TEMPLATE],
        LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.medium" },
      }),
    [GROUP]: async (i: Installation) => {
      await somebody(i, "ec2:CreateLaunchTemplate", {
        LaunchTemplateName: "theirs",
        LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.medium" },
      });
      await somebody(i, "autoscaling:CreateAutoScalingGroup", {
        AutoScalingGroupName: NAMES[GROUP],
        MinSize: 0,
        MaxSize: 0,
        VPCZoneIdentifier: "subnet-1a",
        LaunchTemplate: { LaunchTemplateName: "theirs", Version: "1" },
      });
    },
  };

  it.each(Object.entries(create))(
    "at %s: NotOurs, it stays as it is, and no tier is made beside it",
    async (place, make) => {
      const installation = new Installation({ log: loudOfBugs });
      await make(installation);
      const before = await census(installation);
      // Only this one is pinned: the rest could be made.
      installation.post(specWith(pin({ [place]: NAMES[place as Place] })));
      await installation.until(() => installation.condition("Stalled")?.status === "True");
      expect(installation.condition("Stalled")?.reason).toBe("NotOurs");
      await installation.clock.advance(3_600_000);
      expect(await census(installation)).toEqual(before);
      expect(instancesOf(installation)).toEqual([]);
      expect(installation.mutations()).toEqual([]);
    },
  );

  it("does not keep what is there from being put right", async () => {
    const installation = await converged(pinned());
    await somebody(installation, "elasticloadbalancing:CreateTargetGroup", {
      Name: "theirs",
      Protocol: "HTTP",
      Port: 8080,
      VpcId: "vpc-12345678",
    });
    installation.post(
      pinned((spec) => {
        spec.targetGroups.other = { ...structuredClone(spec.targetGroups.web), name: "theirs" };
      }),
    );
    await installation.until(() => installation.condition("Stalled")?.reason === "NotOurs");
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: NAMES[GROUP],
      MaxSize: 50,
    });
    await installation.clock.advance(900_000);
    const [group] = installation.account.parts.autoScaling.groups();
    expect(group?.maxSize).toBe(10);
  });
});

describe("one name of two children", () => {
  it("is refused, whether the other one is pinned or given, with both paths", async () => {
    const installation = await converged();
    const given = nameOf(installation, TG);
    const faults = (name: string, own?: string) =>
      faultsOf(() =>
        installation.post(
          specWith((spec) => {
            spec.targetGroups.other = { ...structuredClone(spec.targetGroups.web), name };
            if (own !== undefined) spec.targetGroups.web.name = own;
          }),
        ),
      );
    expect(faults("one", "one")).toEqual([
      expect.stringMatching(
        /^spec\.targetGroups\.other\.name: is the name of targetGroups\.web too \(spec\.targetGroups\.web\.name\)/,
      ),
    ]);
    expect(faults(given)).toEqual([
      expect.stringMatching(
        /^spec\.targetGroups\.other\.name: is the name of targetGroups\.web too \(the one that Holdfast gives it\)/,
      ),
    ]);
    expect(faults("one", "two")).toEqual([]);
  });
});

describe("a tier that somebody else made, under the names that the spec pins", () => {
  const OWN = ["holdfast.dev/owner", "holdfast.dev/resource"];

  it("is left alone without our tags, and with them taken over: nothing is made beside it", async () => {
    const installation = await converged(pinned());
    const tagged = [LB, TG, "loadBalancer.listeners.80", "loadBalancer.listeners.443"];
    const arns = [...tagged.map((place) => arnOf(installation, place)), ...(await rulesOf(installation))];
    const [template, group] = [arnOf(installation, TEMPLATE), nameOf(installation, GROUP)];
    const instances = instancesOf(installation);
    const alarms = Object.keys(pinned().alarms).map((key) => arnOf(installation, `alarms.${key}`));
    const tags = await somebody(installation, "elasticloadbalancing:DescribeTags", { ResourceArns: arns });
    await installation.restart({ lost: true });
    await somebody(installation, "elasticloadbalancing:RemoveTags", { ResourceArns: arns, TagKeys: OWN });
    const groupTags = (values: readonly string[]) =>
      OWN.map((Key, index) => ({
        Key,
        ...(values[index] === undefined ? {} : { Value: values[index] }),
        PropagateAtLaunch: false,
        ResourceId: group,
        ResourceType: "auto-scaling-group",
      }));
    await somebody(installation, "autoscaling:DeleteTags", { Tags: groupTags([]) });
    const ec2Tags = (values: readonly string[]) => ({
      Resources: [template],
      Tags: OWN.map((Key, index) => ({
        Key,
        ...(values[index] === undefined ? {} : { Value: values[index] }),
      })),
    });
    await somebody(installation, "ec2:DeleteTags", ec2Tags([]));
    for (const ResourceARN of alarms)
      await somebody(installation, "cloudwatch:UntagResource", { ResourceARN, TagKeys: OWN });
    const before = await sizes(installation);

    installation.post(pinned());
    await installation.until(() => installation.condition("Stalled")?.reason === "NotOurs");
    await installation.clock.advance(1_800_000);
    expect(installation.mutations()).toEqual([]);
    expect(await sizes(installation)).toEqual(before);

    const owner = "holdfast/default/web-api";
    for (const { ResourceArn, Tags } of tags.TagDescriptions as unknown as {
      ResourceArn: string;
      Tags: object[];
    }[])
      await somebody(installation, "elasticloadbalancing:AddTags", { ResourceArns: [ResourceArn], Tags });
    await somebody(installation, "autoscaling:CreateOrUpdateTags", { Tags: groupTags([owner, GROUP]) });
    await somebody(installation, "ec2:CreateTags", ec2Tags([owner, TEMPLATE]));
    for (const [index, key] of Object.keys(pinned().alarms).entries())
      await somebody(installation, "cloudwatch:TagResource", {
        ResourceARN: alarms[index],
        Tags: OWN.map((Key, place) => ({ Key, Value: [owner, `alarms.${key}`][place] })),
      });
    await installation.untilReady();
    await installation.clock.advance(1_800_000);
    expect(installation.mutations()).toEqual([]);
    expect(await sizes(installation)).toEqual(before);
    expect(instancesOf(installation)).toEqual(instances);
  });

  async function rulesOf(installation: Installation): Promise<string[]> {
    const ListenerArn = arnOf(installation, "loadBalancer.listeners.443");
    const { Rules } = await somebody(installation, "elasticloadbalancing:DescribeRules", { ListenerArn });
    return Rules.filter(({ Priority }) => Priority !== "default").map(({ RuleArn }) => RuleArn);
  }
});
