/** What belongs to a tier and what only stands beside it: told, with the word that decides it, and never guessed. */
import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import type { ImportedManifest, Neighbour } from "../../../src/model/import.ts";
import { Installation } from "../../support/installation.ts";
import {
  dimensionOf,
  makeGroup,
  makeListener,
  makeLoadBalancer,
  makeTargetGroup,
  makeTemplate,
  makeTier,
  TEMPLATE,
  VPC,
} from "./existing-tier.ts";

interface Spec {
  loadBalancer: {
    listeners: { port: number; rules?: { name: string; priority: number; action: object }[] }[];
  };
  targetGroups: Record<string, object>;
  autoScalingGroups: Record<
    string,
    {
      targetGroups: string[];
      launchTemplate: { shared?: object; name?: string };
      scalingPolicies: Record<string, object>;
      scheduledActions?: object;
      lifecycleHooks?: object;
      notifications?: object;
      warmPool?: object;
    }
  >;
  alarms: Record<string, { dimensions?: object; alarmActions?: unknown[] }>;
}

const specOf = ({ spec }: ImportedManifest) => spec as unknown as Spec;

function rowOf({ status }: ImportedManifest, name: string): Neighbour | undefined {
  return status.import.neighbours.find((row) => row.name === name);
}

async function faultsOf(reading: Promise<unknown>): Promise<string[]> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InvalidSpecError)) throw error ?? new Error("nothing was wrong with it");
  return error.faults.map(({ path, message }) => `${path}: ${message}`);
}

async function addRule(here: Installation, ListenerArn: string, priority: number, TargetGroupArn: string) {
  const made = await here.aws("elasticloadbalancing:CreateRule", {
    ListenerArn,
    Priority: priority,
    Conditions: [{ Field: "path-pattern", Values: [`/${priority}/*`] }],
    Actions: [{ Type: "forward", TargetGroupArn }],
  });
  return made.Rules?.[0]?.RuleArn ?? "";
}

describe("an import", () => {
  it("comes out the same from the load balancer and from the group, by name and by ARN", async () => {
    const here = new Installation();
    const tier = await makeTier(here);
    const { AutoScalingGroups: [group] = [] } = await here.aws("autoscaling:DescribeAutoScalingGroups", {});
    const all = [];
    for (const start of [
      { loadBalancer: "prod-web-alb" },
      { loadBalancer: tier.loadBalancerArn },
      { autoScalingGroup: tier.group },
      { autoScalingGroup: group?.AutoScalingGroupARN },
    ])
      all.push((await here.import(start)).spec);
    for (const spec of all) expect(spec).toEqual(all[0]);
  });

  it("leaves out a rule to targets that somebody registers by hand, until they are taken in", async () => {
    const here = new Installation();
    const { listenerArn } = await makeTier(here);
    const byHand = await makeTargetGroup(here, "by-hand");
    const rule = await addRule(here, listenerArn, 20, byHand);
    const without = await here.import({ loadBalancer: "prod-web-alb" });
    expect(specOf(without).loadBalancer.listeners[0]?.rules).toBeUndefined();
    expect(Object.keys(specOf(without).targetGroups)).toEqual(["prod-web-tg"]);
    expect(rowOf(without, "80, priority 20")).toMatchObject({ id: rule, is: "left out", include: byHand });
    for (const include of [byHand, "by-hand", rule]) {
      const taken = await here.import({ loadBalancer: "prod-web-alb", include: [include] });
      expect(specOf(taken).loadBalancer.listeners[0]?.rules).toMatchObject([
        { name: "priority-20", action: { forward: { targetGroup: "by-hand" } } },
      ]);
      expect(rowOf(taken, "80, priority 20")).toBeUndefined();
      expect(rowOf(taken, "by-hand")).toMatchObject({ is: "taken in", exclude: byHand });
    }
  });

  it("takes in every group on a target group, and tells of each how to leave it out", async () => {
    const here = new Installation();
    const { targetGroupArn } = await makeTier(here);
    await makeGroup(here, "canary", await makeTemplate(here, "canary"), [targetGroupArn]);
    const both = await here.import({ loadBalancer: "prod-web-alb" });
    expect(Object.keys(specOf(both).autoScalingGroups)).toEqual(["canary", "prod-web-asg"]);
    expect(rowOf(both, "canary")).toMatchObject({ is: "taken in", exclude: "canary" });
    const one = await here.import({ loadBalancer: "prod-web-alb", exclude: ["canary"] });
    expect(Object.keys(specOf(one).autoScalingGroups)).toEqual(["prod-web-asg"]);
    expect(rowOf(one, "canary")).toMatchObject({ is: "left out", reason: "the request excludes it" });
  });

  it("asks about a group that is also behind another load balancer", async () => {
    const here = new Installation();
    const { targetGroupArn } = await makeTier(here);
    const other = await makeTargetGroup(here, "other-tg");
    await makeListener(here, await makeLoadBalancer(here, "other-alb"), other);
    await makeGroup(here, "both", await makeTemplate(here, "both"), [targetGroupArn, other]);
    expect(await faultsOf(here.import({ loadBalancer: "prod-web-alb" }))).toEqual([
      `include: both is attached to other-tg, too, which other-alb sends requests to; include: [${other}] takes the target group into this service, exclude: [both] leaves the group out of it`,
    ]);
    const taken = await here.import({ loadBalancer: "prod-web-alb", include: [other] });
    expect(specOf(taken).autoScalingGroups.both?.targetGroups).toEqual(["other-tg", "prod-web-tg"]);
    const without = await here.import({ loadBalancer: "prod-web-alb", exclude: ["both"] });
    expect(Object.keys(specOf(without).autoScalingGroups)).toEqual(["prod-web-asg"]);
    expect(await faultsOf(here.import({ autoScalingGroup: "both" }))).toEqual([
      expect.stringContaining("autoScalingGroup: it is behind 2 load balancers; name the one that is meant"),
    ]);
  });

  it("leaves a launch template to the groups that use it as well", async () => {
    const here = new Installation();
    const { templateId } = await makeTier(here);
    await makeGroup(here, "batch", templateId, []);
    const manifest = await here.import({ loadBalancer: "prod-web-alb" });
    expect(specOf(manifest).autoScalingGroups["prod-web-asg"]?.launchTemplate).toMatchObject({
      shared: { name: "prod-web-lt", version: "$Latest" },
      imageId: "ami-12345678",
    });
    expect(rowOf(manifest, "prod-web-lt")?.reason).toContain("batch uses it as well");
  });

  it("holds policies of every type, and tells what of a group it does not read", async () => {
    const here = new Installation();
    const { group: AutoScalingGroupName } = await makeTier(here);
    await here.aws("autoscaling:PutScalingPolicy", {
      AutoScalingGroupName,
      PolicyName: "old",
      PolicyType: "SimpleScaling",
      AdjustmentType: "ChangeInCapacity",
      ScalingAdjustment: 1,
      Cooldown: 60,
    });
    const MetricStat = { Metric: { Namespace: "Shop", MetricName: "Busy" }, Stat: "Sum" };
    await here.aws("autoscaling:PutScalingPolicy", {
      AutoScalingGroupName,
      PolicyName: "ahead",
      PolicyType: "PredictiveScaling",
      PredictiveScalingConfiguration: {
        MetricSpecifications: [
          {
            TargetValue: 40,
            PredefinedScalingMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
            CustomizedLoadMetricSpecification: { MetricDataQueries: [{ Id: "load", MetricStat }] },
          },
        ],
      },
    });
    const manifest = await here.import({ loadBalancer: "prod-web-alb" });
    const policies = specOf(manifest).autoScalingGroups["prod-web-asg"]?.scalingPolicies ?? {};
    expect(Object.keys(policies).sort()).toEqual(["ahead", "old", "prod-web-cpu"]);
    expect(policies.old).toEqual({
      name: "old",
      simpleScaling: { adjustmentType: "ChangeInCapacity", scalingAdjustment: 1, cooldown: 60 },
      enabled: true,
    });
    expect(policies.ahead).toEqual({
      name: "ahead",
      predictiveScaling: {
        mode: "ForecastOnly",
        schedulingBufferTime: 300,
        maxCapacityBreachBehavior: "HonorMaxCapacity",
        metricSpecifications: [
          {
            targetValue: 40,
            predefinedScalingMetric: { predefinedMetricType: "ASGAverageCPUUtilization" },
            customizedLoadMetric: {
              metricDataQueries: [
                {
                  id: "load",
                  returnData: true,
                  metricStat: { metric: { namespace: "Shop", metricName: "Busy" }, stat: "Sum" },
                },
              ],
            },
          },
        ],
      },
      enabled: true,
    });
  });

  it("takes in what sits on a group, as it runs", async () => {
    const here = new Installation();
    const { group: AutoScalingGroupName } = await makeTier(here);
    const TopicARN = "arn:aws:sns:us-east-1:123456789012:alerts";
    await here.aws("autoscaling:PutScheduledUpdateGroupAction", {
      ...{ AutoScalingGroupName, ScheduledActionName: "Morning", Recurrence: "0 8 * * *", MinSize: 2 },
    });
    await here.aws("autoscaling:PutLifecycleHook", {
      ...{ AutoScalingGroupName, LifecycleHookName: "drain" },
      ...{ LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", HeartbeatTimeout: 60 },
    });
    await here.aws("autoscaling:PutNotificationConfiguration", {
      ...{ AutoScalingGroupName, TopicARN, NotificationTypes: ["autoscaling:EC2_INSTANCE_LAUNCH"] },
    });
    await here.aws("autoscaling:PutWarmPool", { AutoScalingGroupName, MinSize: 1 });
    const manifest = await here.import({ loadBalancer: "prod-web-alb" });
    expect(specOf(manifest).autoScalingGroups["prod-web-asg"]).toMatchObject({
      scheduledActions: { morning: { name: "Morning", recurrence: "0 8 * * *", minSize: 2 } },
      lifecycleHooks: { drain: { name: "drain", heartbeatTimeout: 60, defaultResult: "ABANDON" } },
      notifications: {
        alerts: { topicArn: TopicARN, notificationTypes: ["autoscaling:EC2_INSTANCE_LAUNCH"] },
      },
      warmPool: { minSize: 1, poolState: "Stopped", instanceReusePolicy: { reuseOnScaleIn: false } },
    });
    expect(manifest.status.import.unread).toEqual([]);
  });

  it("takes in the alarms that watch a part of it or set off its policies, with references", async () => {
    const here = new Installation();
    const { group, targetGroupArn, loadBalancerArn } = await makeTier(here);
    const { PolicyARN = "" } = await here.aws("autoscaling:PutScalingPolicy", {
      AutoScalingGroupName: group,
      PolicyName: "out",
      PolicyType: "StepScaling",
      AdjustmentType: "ChangeInCapacity",
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
    const alarm = (
      AlarmName: string,
      Dimensions: { Name: string; Value: string }[],
      AlarmActions: string[] = [],
    ) =>
      here.aws("cloudwatch:PutMetricAlarm", {
        ...{ AlarmName, Dimensions, AlarmActions },
        ...{ Namespace: "Shop", MetricName: "Queue", Statistic: "Average", Period: 60, EvaluationPeriods: 1 },
        ...{ Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
      });
    await alarm("queue", [{ Name: "Queue", Value: "orders" }], [PolicyARN]);
    await alarm("hosts", [
      { Name: "TargetGroup", Value: dimensionOf(targetGroupArn) },
      { Name: "LoadBalancer", Value: dimensionOf(loadBalancerArn) },
    ]);
    await alarm("size", [{ Name: "AutoScalingGroupName", Value: group }]);
    await alarm("elsewhere", [{ Name: "AutoScalingGroupName", Value: "another" }]);
    const manifest = await here.import({ loadBalancer: "prod-web-alb" });
    const { alarms } = specOf(manifest);
    expect(Object.keys(alarms)).toEqual(["hosts", "prod-web-5xx", "queue", "size"]);
    expect(alarms.queue?.alarmActions).toEqual([
      { ref: "autoScalingGroups.prod-web-asg.scalingPolicies.out" },
    ]);
    expect(alarms.hosts?.dimensions).toEqual({
      TargetGroup: { ref: "targetGroups.prod-web-tg" },
      LoadBalancer: { ref: "loadBalancer" },
    });
    expect(alarms.size?.dimensions).toEqual({
      AutoScalingGroupName: { ref: "autoScalingGroups.prod-web-asg" },
    });
    const made = manifest.status.import.neighbours.filter(({ name }) => name.startsWith("TargetTracking-"));
    expect(made.map(({ reason }) => reason)).toEqual(
      Array(2).fill("AWS makes it for the target tracking policy prod-web-cpu, and keeps it"),
    );
    const without = await here.import({ loadBalancer: "prod-web-alb", exclude: ["queue"] });
    expect(Object.keys(specOf(without).alarms)).toEqual(["hosts", "prod-web-5xx", "size"]);
  });
});

describe("an import is refused with one clear error", () => {
  it("of what is not there", async () => {
    const here = new Installation();
    await makeTier(here);
    await expect(here.import({ loadBalancer: "nobody" })).rejects.toThrow(
      "there is no load balancer nobody in us-east-1",
    );
    await expect(here.import({ autoScalingGroup: "nobody" })).rejects.toThrow(
      "there is no Auto Scaling group nobody in us-east-1",
    );
  });

  it("of a name that an endpoint has in another Region than it is asked for", async () => {
    const here = new Installation();
    await makeTier(here);
    await expect(
      faultsOf(here.import({ region: "eu-west-1", loadBalancer: "prod-web-alb" })),
    ).resolves.toEqual([
      "loadBalancer: is of us-east-1, and region says eu-west-1; a service has one Region",
    ]);
  });

  it("of a group that no load balancer sends requests to", async () => {
    const here = new Installation();
    await makeGroup(here, "batch", await makeTemplate(here, "batch"), []);
    expect(await faultsOf(here.import({ autoScalingGroup: "batch" }))).toEqual([
      "autoScalingGroup: no load balancer of Elastic Load Balancing v2 sends it requests, and a WebService has one",
    ]);
  });

  it("of a load balancer without a group behind it", async () => {
    const here = new Installation();
    const balancer = await makeLoadBalancer(here, "alone");
    await makeListener(here, balancer, await makeTargetGroup(here, "alone-tg"));
    expect(await faultsOf(here.import({ loadBalancer: "alone" }))).toEqual([
      "loadBalancer: no Auto Scaling group that a manifest can hold is behind alone, and a WebService has at least one",
    ]);
  });

  it("of a name that is two things", async () => {
    const here = new Installation();
    const { targetGroupArn } = await makeTier(here);
    const arn = await makeTargetGroup(here, "web");
    await makeGroup(here, "web", await makeTemplate(here, "web", TEMPLATE), [targetGroupArn]);
    const [fault] = await faultsOf(here.import({ loadBalancer: "prod-web-alb", exclude: ["web"] }));
    expect(fault).toContain(`exclude[0]: web is the target group ${arn} and the Auto Scaling group arn:`);
  });

  it("of names that nothing has, and of what is taken in and left out at once", async () => {
    const here = new Installation();
    const { targetGroupArn } = await makeTier(here);
    await makeGroup(here, "canary", await makeTemplate(here, "canary"), [targetGroupArn]);
    const request = { loadBalancer: "prod-web-alb", include: ["canary", "nobody"], exclude: ["canary"] };
    expect(await faultsOf(here.import(request))).toEqual([
      "include[1]: there is no target group, Auto Scaling group, listener, rule or alarm nobody",
      "exclude: names canary, which include names as well; keep one of the two",
    ]);
  });

  it("of a default action whose target group is left out", async () => {
    const here = new Installation();
    const { targetGroupArn, listenerArn } = await makeTier(here);
    expect(await faultsOf(here.import({ loadBalancer: "prod-web-alb", exclude: ["prod-web-tg"] }))).toEqual([
      `exclude: names ${targetGroupArn}, to which listener 80 forwards by default; exclude the listener as well (${listenerArn}), or neither`,
      "exclude: names prod-web-tg, to which prod-web-asg is attached; exclude prod-web-asg as well, or neither",
    ]);
  });

  it("of a load balancer for something else than the web", async () => {
    const here = new Installation();
    await here.aws("elasticloadbalancing:CreateTargetGroup", {
      Name: "x",
      Protocol: "HTTP",
      Port: 80,
      VpcId: VPC,
    });
    const spied = networkLoadBalancer(here, "nlb");
    expect(await faultsOf(here.import({ loadBalancer: spied }))).toEqual([
      "loadBalancer: nlb is a Network Load Balancer; Holdfast holds Application Load Balancers alone",
    ]);
  });
});

/** The simulated account holds none: AWS's answer is put in its place. */
function networkLoadBalancer(here: Installation, name: string): string {
  const answer = here.cloud.call.bind(here.cloud);
  here.cloud.call = (async (operation: string, ...rest: [never, never]) =>
    operation === "elasticloadbalancing:DescribeLoadBalancers"
      ? { LoadBalancers: [{ LoadBalancerName: name, LoadBalancerArn: `arn:net/${name}`, Type: "network" }] }
      : answer(operation as never, ...rest)) as typeof here.cloud.call;
  return name;
}
