/** What every AWS client must see at the simulated account's endpoint, however it is written. */
import type {
  ActivitiesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  DescribeAutoScalingNotificationTypesAnswer,
  DescribeLifecycleHooksAnswer,
  DescribeLifecycleHookTypesAnswer,
  DescribeNotificationConfigurationsAnswer,
  DescribeWarmPoolAnswer,
  GetPredictiveScalingForecastAnswer,
  PoliciesType,
} from "@aws-sdk/client-auto-scaling";
import type { DescribeAlarmsOutput } from "@aws-sdk/client-cloudwatch";
import type {
  CreateSecurityGroupResult,
  CreateSubnetResult,
  CreateVpcResult,
  DescribeInstancesResult,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsResult,
  DescribeSecurityGroupsResult,
} from "@aws-sdk/client-ec2";
import type {
  DescribeListenersOutput,
  DescribeLoadBalancersOutput,
  DescribeRulesOutput,
  DescribeTagsOutput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { conditionOf } from "../../src/model/conditions.ts";
import { ApiClient } from "../support/api-client.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { waitUntil } from "../support/wait-until.ts";
import { itHearsOfCalls } from "./event-facts.ts";
import { itMixesInstances } from "./mixed-facts.ts";
import { INSTALL_LIMIT_MS } from "./python-clients.ts";
import { itRefreshesInstances } from "./refresh-facts.ts";

const READY_LIMIT_MS = 90_000;
const OWNER = "holdfast/default/web-api";
const HOUR_MS = 3_600_000;
const LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";

/** A service as the AWS CLI and boto3 call it. */
export type ServiceName = "elbv2" | "autoscaling" | "ec2" | "cloudwatch" | "sqs" | "events" | "cloudtrail";

export interface WireClient {
  /** Answers with members as in AWS's API reference. @throws an error with AWS's code in the message */
  call(service: ServiceName, operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

/** Inside of `describe`: a daemon with the example converged, and one fact for each thing that a client does with it. */
export function itWorksWith(open: (endpoint: string) => Promise<WireClient>): void {
  let daemon: DaemonProcess;
  let client: WireClient;
  let api: ApiClient;

  beforeAll(async () => {
    daemon = await DaemonProcess.start([
      "--database",
      ":memory:",
      "--simulator-listen",
      "127.0.0.1:0",
      "--simulator-speed",
      "60",
    ]);
    api = new ApiClient(daemon.url);
    await api.post(exampleManifest());
    client = await open(daemon.simulatorUrl);
    await waitUntil(
      async () =>
        conditionOf((await api.get("web-api")).status?.conditions, "Ready")?.status === "True"
          ? true
          : undefined,
      READY_LIMIT_MS,
    );
  }, READY_LIMIT_MS + INSTALL_LIMIT_MS);
  afterAll(async () => {
    client?.close();
    expect(await daemon.stop()).toBe(0);
  }, READY_LIMIT_MS);

  const ask = async <Output>(service: ServiceName, operation: string, input: Record<string, unknown>) =>
    (await client.call(service, operation, input)) as Output;
  const nameOf = async (key: string): Promise<string> => (await rowOf(key)).name;
  const arnOf = async (key: string): Promise<string> => (await rowOf(key)).arn ?? "";
  const rowOf = async (key: string) => {
    const row = (await api.get("web-api")).status?.resources.find((one) => one.key === key);
    if (row === undefined) throw new Error(`${key} is not among the resources`);
    return row;
  };
  const limits = { timeout: READY_LIMIT_MS };
  // The CLI starts anew for each call, and these make a dozen of them.
  const longLimits = { timeout: 3 * READY_LIMIT_MS };
  /** Nobody's, so the daemon leaves it alone. */
  const makeGroup = async (AutoScalingGroupName: string, more: Record<string, unknown>): Promise<void> => {
    await client.call("ec2", "CreateLaunchTemplate", {
      LaunchTemplateName: AutoScalingGroupName,
      LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.micro" },
    });
    await client.call("autoscaling", "CreateAutoScalingGroup", {
      AutoScalingGroupName,
      LaunchTemplate: { LaunchTemplateName: AutoScalingGroupName },
      MinSize: 0,
      MaxSize: 2,
      AvailabilityZones: ["us-east-1a"],
      ...more,
    });
  };
  const instanceIn = (name: string, state: string): Promise<string> =>
    waitUntil(async () => {
      const { AutoScalingInstances = [] } = await ask<AutoScalingInstancesType>(
        "autoscaling",
        "DescribeAutoScalingInstances",
        {},
      );
      return AutoScalingInstances.find(
        (one) => one.AutoScalingGroupName === name && one.LifecycleState === state,
      )?.InstanceId;
    }, READY_LIMIT_MS);

  it("lists the load balancer with its listeners, rules and tags", limits, async () => {
    const arn = await arnOf("loadBalancer");
    const { LoadBalancers = [] } = await ask<DescribeLoadBalancersOutput>(
      "elbv2",
      "DescribeLoadBalancers",
      {},
    );
    expect(LoadBalancers).toHaveLength(1);
    expect(LoadBalancers[0]).toMatchObject({
      LoadBalancerArn: arn,
      Scheme: "internet-facing",
      State: { Code: "active" },
      Type: "application",
      VpcId: "vpc-12345678",
      SecurityGroups: ["sg-alb-12345678"],
    });
    const { Listeners = [] } = await ask<DescribeListenersOutput>("elbv2", "DescribeListeners", {
      LoadBalancerArn: arn,
    });
    const https = Listeners.find((listener) => listener.Port === 443);
    expect(Listeners.map((listener) => listener.Port).sort()).toEqual([443, 80]);
    expect(https?.Certificates?.[0]?.CertificateArn).toMatch(/certificate\/abc-123$/);
    const { Rules = [] } = await ask<DescribeRulesOutput>("elbv2", "DescribeRules", {
      ListenerArn: https?.ListenerArn,
    });
    expect(Rules.map((rule) => [rule.Priority, rule.Actions?.[0]?.Type])).toEqual([
      ["10", "fixed-response"],
      ["default", "forward"],
    ]);
    const { TagDescriptions = [] } = await ask<DescribeTagsOutput>("elbv2", "DescribeTags", {
      ResourceArns: [arn],
    });
    expect(TagDescriptions[0]?.Tags).toContainEqual({ Key: "holdfast.dev/owner", Value: OWNER });
    expect(TagDescriptions[0]?.Tags).toContainEqual({ Key: "Environment", Value: "production" });
  });

  it("lists the target group and the health of its targets", limits, async () => {
    const arn = await arnOf("targetGroups.web");
    const { TargetGroups = [] } = await ask<DescribeTargetGroupsOutput>("elbv2", "DescribeTargetGroups", {
      TargetGroupArns: [arn],
    });
    expect(TargetGroups).toHaveLength(1);
    expect(TargetGroups[0]).toMatchObject({
      Port: 8080,
      HealthCheckPath: "/health",
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 3,
    });
    const { TargetHealthDescriptions = [] } = await ask<DescribeTargetHealthOutput>(
      "elbv2",
      "DescribeTargetHealth",
      {
        TargetGroupArn: arn,
      },
    );
    expect(TargetHealthDescriptions.map((target) => target.TargetHealth?.State)).toEqual([
      "healthy",
      "healthy",
    ]);
  });

  it("lists the group with its policy, its activities and its instances", limits, async () => {
    const name = await nameOf("autoScalingGroups.web");
    const byName = { AutoScalingGroupName: name };
    const { AutoScalingGroups = [] } = await ask<AutoScalingGroupsType>(
      "autoscaling",
      "DescribeAutoScalingGroups",
      {
        AutoScalingGroupNames: [name],
      },
    );
    expect(AutoScalingGroups).toHaveLength(1);
    expect(AutoScalingGroups[0]).toMatchObject({
      MinSize: 2,
      MaxSize: 10,
      HealthCheckType: "ELB",
      HealthCheckGracePeriod: 300,
    });
    const { ScalingPolicies = [] } = await ask<PoliciesType>("autoscaling", "DescribePolicies", byName);
    expect(ScalingPolicies[0]?.TargetTrackingConfiguration).toMatchObject({ TargetValue: 70 });
    const { Activities = [] } = await ask<ActivitiesType>("autoscaling", "DescribeScalingActivities", byName);
    expect(Activities.map((activity) => activity.StatusCode)).toEqual(["Successful", "Successful"]);
    const InstanceIds = AutoScalingGroups[0]?.Instances?.map((instance) => instance.InstanceId);
    const { Reservations = [] } = await ask<DescribeInstancesResult>("ec2", "DescribeInstances", {
      InstanceIds,
    });
    const instances = Reservations.flatMap((reservation) => reservation.Instances ?? []);
    expect(instances.map((instance) => [instance.InstanceType, instance.State?.Name])).toEqual([
      ["t3.medium", "running"],
      ["t3.medium", "running"],
    ]);
  });

  it("lists the launch template and its versions", limits, async () => {
    const name = await nameOf("autoScalingGroups.web.launchTemplate");
    const { LaunchTemplates = [] } = await ask<DescribeLaunchTemplatesResult>(
      "ec2",
      "DescribeLaunchTemplates",
      {
        LaunchTemplateNames: [name],
      },
    );
    expect(LaunchTemplates[0]).toMatchObject({ DefaultVersionNumber: 1, LatestVersionNumber: 1 });
    const { LaunchTemplateVersions = [] } = await ask<DescribeLaunchTemplateVersionsResult>(
      "ec2",
      "DescribeLaunchTemplateVersions",
      {
        LaunchTemplateName: name,
      },
    );
    expect(LaunchTemplateVersions[0]?.LaunchTemplateData).toMatchObject({
      ImageId: "ami-12345678",
      InstanceType: "t3.medium",
    });
  });

  it("lists the alarms", limits, async () => {
    const name = await nameOf("alarms.high-5xx");
    const { MetricAlarms = [] } = await ask<DescribeAlarmsOutput>("cloudwatch", "DescribeAlarms", {
      AlarmNames: [name],
    });
    expect(MetricAlarms).toHaveLength(1);
    expect(MetricAlarms[0]).toMatchObject({
      Namespace: "AWS/ApplicationELB",
      MetricName: "HTTPCode_Target_5XX_Count",
      Threshold: 10,
      EvaluationPeriods: 2,
    });
  });

  it("is told AWS's error codes", limits, async () => {
    await expect(client.call("elbv2", "DescribeLoadBalancers", { Names: ["nowhere"] })).rejects.toThrow(
      /LoadBalancerNotFound/,
    );
    await expect(
      client.call("ec2", "DescribeInstances", { InstanceIds: ["i-00000000000000000"] }),
    ).rejects.toThrow(/InvalidInstanceID\.NotFound/);
  });

  it("makes a network and takes it away again", limits, async () => {
    const { Vpc } = await ask<CreateVpcResult>("ec2", "CreateVpc", { CidrBlock: "10.9.0.0/16" });
    const VpcId = Vpc?.VpcId;
    const { Subnet } = await ask<CreateSubnetResult>("ec2", "CreateSubnet", {
      VpcId,
      CidrBlock: "10.9.1.0/24",
      AvailabilityZone: "us-east-1b",
    });
    expect(Subnet).toMatchObject({ AvailabilityZoneId: "use1-az2", AvailableIpAddressCount: 251 });
    const { GroupId } = await ask<CreateSecurityGroupResult>("ec2", "CreateSecurityGroup", {
      GroupName: "wire",
      Description: "wire",
      VpcId,
    });
    const IpPermissions = [
      { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
    ];
    await client.call("ec2", "AuthorizeSecurityGroupIngress", { GroupId, IpPermissions });
    await expect(
      client.call("ec2", "AuthorizeSecurityGroupIngress", { GroupId, IpPermissions }),
    ).rejects.toThrow(/InvalidPermission\.Duplicate/);
    const { SecurityGroups = [] } = await ask<DescribeSecurityGroupsResult>("ec2", "DescribeSecurityGroups", {
      GroupIds: [GroupId],
    });
    expect(SecurityGroups[0]?.IpPermissions).toMatchObject(IpPermissions);
    await expect(client.call("ec2", "DeleteVpc", { VpcId })).rejects.toThrow(/DependencyViolation/);
    await client.call("ec2", "DeleteSecurityGroup", { GroupId });
    await client.call("ec2", "DeleteSubnet", { SubnetId: Subnet?.SubnetId });
    await client.call("ec2", "DeleteVpc", { VpcId });
  });

  it(
    "puts a lifecycle hook, beats and completes for an instance that waits, and deletes it",
    longLimits,
    async () => {
      const AutoScalingGroupName = "wire-hooks";
      const LifecycleHookName = "warm";
      const named = { AutoScalingGroupName, LifecycleHookName };
      await makeGroup(AutoScalingGroupName, {
        DesiredCapacity: 1,
        LifecycleHookSpecificationList: [{ LifecycleHookName, LifecycleTransition: LAUNCHING }],
      });
      await client.call("autoscaling", "PutLifecycleHook", { ...named, HeartbeatTimeout: 7_200 });
      const { LifecycleHooks = [] } = await ask<DescribeLifecycleHooksAnswer>(
        "autoscaling",
        "DescribeLifecycleHooks",
        { AutoScalingGroupName },
      );
      expect(LifecycleHooks).toEqual([
        expect.objectContaining({
          HeartbeatTimeout: 7_200,
          GlobalTimeout: 172_800,
          DefaultResult: "ABANDON",
        }),
      ]);
      const InstanceId = await instanceIn(AutoScalingGroupName, "Pending:Wait");
      await client.call("autoscaling", "RecordLifecycleActionHeartbeat", { ...named, InstanceId });
      const done = { ...named, InstanceId, LifecycleActionResult: "CONTINUE" };
      await client.call("autoscaling", "CompleteLifecycleAction", done);
      expect(await instanceIn(AutoScalingGroupName, "InService")).toBe(InstanceId);
      await expect(client.call("autoscaling", "CompleteLifecycleAction", done)).rejects.toThrow(
        /ValidationError.*No active Lifecycle Action found/,
      );
      await client.call("autoscaling", "DeleteLifecycleHook", named);
      const { LifecycleHookTypes } = await ask<DescribeLifecycleHookTypesAnswer>(
        "autoscaling",
        "DescribeLifecycleHookTypes",
        {},
      );
      expect(LifecycleHookTypes).toContain(LAUNCHING);
      await client.call("autoscaling", "DeleteAutoScalingGroup", { AutoScalingGroupName, ForceDelete: true });
    },
  );

  it("puts a warm pool, sees what is in it, and deletes it", longLimits, async () => {
    const AutoScalingGroupName = "wire-pool";
    await makeGroup(AutoScalingGroupName, { MaxSize: 1 });
    await client.call("autoscaling", "PutWarmPool", {
      AutoScalingGroupName,
      PoolState: "Running",
      InstanceReusePolicy: { ReuseOnScaleIn: true },
    });
    const InstanceId = await instanceIn(AutoScalingGroupName, "Warmed:Running");
    const described = () =>
      ask<DescribeWarmPoolAnswer>("autoscaling", "DescribeWarmPool", { AutoScalingGroupName });
    expect(await described()).toMatchObject({
      WarmPoolConfiguration: {
        MinSize: 0,
        PoolState: "Running",
        InstanceReusePolicy: { ReuseOnScaleIn: true },
      },
      Instances: [{ InstanceId, LifecycleState: "Warmed:Running", HealthStatus: "Healthy" }],
    });
    await expect(client.call("autoscaling", "DeleteWarmPool", { AutoScalingGroupName })).rejects.toThrow(
      /ResourceInUse/,
    );
    await client.call("autoscaling", "DeleteWarmPool", { AutoScalingGroupName, ForceDelete: true });
    await waitUntil(
      // The CLI says null of what is not there.
      async () => ((await described()).WarmPoolConfiguration ? undefined : true),
      READY_LIMIT_MS,
    );
    await client.call("autoscaling", "DeleteAutoScalingGroup", { AutoScalingGroupName });
  });

  it("hears of a call over a queue, and finds out whose it was", longLimits, () =>
    itHearsOfCalls(client, READY_LIMIT_MS),
  );
  it("makes and changes a group of several types, On-Demand and Spot", longLimits, () =>
    itMixesInstances(client, READY_LIMIT_MS),
  );

  it("tells a topic of a group", longLimits, async () => {
    const AutoScalingGroupName = "wire-notified";
    const TopicARN = "arn:aws:sns:us-east-1:123456789012:alerts";
    await makeGroup(AutoScalingGroupName, {});
    const { AutoScalingNotificationTypes: NotificationTypes = [] } =
      await ask<DescribeAutoScalingNotificationTypesAnswer>(
        "autoscaling",
        "DescribeAutoScalingNotificationTypes",
        {},
      );
    await client.call("autoscaling", "PutNotificationConfiguration", {
      AutoScalingGroupName,
      TopicARN,
      NotificationTypes,
    });
    const described = async (): Promise<(string | undefined)[]> => {
      const { NotificationConfigurations = [] } = await ask<DescribeNotificationConfigurationsAnswer>(
        "autoscaling",
        "DescribeNotificationConfigurations",
        { AutoScalingGroupNames: [AutoScalingGroupName] },
      );
      return NotificationConfigurations.map((one) => one.NotificationType);
    };
    expect(await described()).toEqual(NotificationTypes);
    await client.call("autoscaling", "DeleteNotificationConfiguration", { AutoScalingGroupName, TopicARN });
    expect(await described()).toEqual([]);
    await client.call("autoscaling", "DeleteAutoScalingGroup", { AutoScalingGroupName });
  });

  itRefreshesInstances({ client: () => client, makeGroup, limitMs: READY_LIMIT_MS });
  it("has forecasts of a predictive policy", longLimits, async () => {
    const AutoScalingGroupName = "ahead";
    await makeGroup(AutoScalingGroupName, {});
    const { AutoScalingGroups: [group] = [] } = await ask<AutoScalingGroupsType>(
      "autoscaling",
      "DescribeAutoScalingGroups",
      { AutoScalingGroupNames: [AutoScalingGroupName] },
    );
    // By the account's own time: a day and two hours of a load that was doubled for an hour.
    const createdMs = new Date(group?.CreatedTime ?? "").getTime();
    const thisHourMs = Math.floor(createdMs / HOUR_MS) * HOUR_MS;
    const at = (hours: number) => new Date(thisHourMs + hours * HOUR_MS).toISOString();
    const data = Array.from({ length: 26 }, (_, index) => index + 1).flatMap((ago) => {
      const Timestamp = at(-ago);
      return [
        { MetricName: "Jobs", Timestamp, Value: 60 * (ago === 24 ? 8 : 4) },
        { MetricName: "JobsOfEach", Timestamp, Value: 2 },
        { MetricName: "Workers", Timestamp, Value: 120 },
      ];
    });
    await client.call("cloudwatch", "PutMetricData", { Namespace: "Shop", MetricData: data });
    const metric = (MetricName: string, Stat: string) => ({
      MetricDataQueries: [{ Id: "m1", MetricStat: { Metric: { Namespace: "Shop", MetricName }, Stat } }],
    });
    await client.call("autoscaling", "PutScalingPolicy", {
      AutoScalingGroupName,
      PolicyName: "ahead",
      PolicyType: "PredictiveScaling",
      PredictiveScalingConfiguration: {
        MetricSpecifications: [
          {
            TargetValue: 1,
            CustomizedLoadMetricSpecification: metric("Jobs", "Sum"),
            CustomizedScalingMetricSpecification: metric("JobsOfEach", "Average"),
            CustomizedCapacityMetricSpecification: metric("Workers", "Average"),
          },
        ],
      },
    });
    const { ScalingPolicies: [policy] = [] } = await ask<PoliciesType>("autoscaling", "DescribePolicies", {
      AutoScalingGroupName,
    });
    expect(policy).toMatchObject({
      PolicyType: "PredictiveScaling",
      PredictiveScalingConfiguration: {
        Mode: "ForecastOnly",
        SchedulingBufferTime: 300,
        MaxCapacityBreachBehavior: "HonorMaxCapacity",
      },
    });
    const answer = await ask<GetPredictiveScalingForecastAnswer>(
      "autoscaling",
      "GetPredictiveScalingForecast",
      { AutoScalingGroupName, PolicyName: "ahead", StartTime: at(0), EndTime: at(48) },
    );
    expect(new Date(answer.UpdateTime ?? "").getTime()).toBeGreaterThanOrEqual(createdMs);
    const [load] = answer.LoadForecast ?? [];
    expect(load?.MetricSpecification?.TargetValue).toBe(1);
    const hours = load?.Timestamps?.map((time) => new Date(time).toISOString()) ?? [];
    // The account goes on while clients start: the hour under way may be the next one by now.
    expect(hours.at(-1)).toBe(at(47));
    expect(load?.Values?.[hours.indexOf(at(24))]).toBe(480);
    expect(load?.Values?.[hours.indexOf(at(25))]).toBe(240);
    expect(answer.CapacityForecast?.Values?.[hours.indexOf(at(24))]).toBeGreaterThan(
      answer.CapacityForecast?.Values?.[hours.indexOf(at(25))] ?? Number.POSITIVE_INFINITY,
    );
    await expect(
      client.call("autoscaling", "GetPredictiveScalingForecast", {
        ...{ AutoScalingGroupName, PolicyName: "ahead", StartTime: at(48), EndTime: at(0) },
      }),
    ).rejects.toThrow("ValidationError");
  });

  it("edits what the daemon puts right", limits, async () => {
    const TargetGroupArn = await arnOf("targetGroups.web");
    const AutoScalingGroupName = await nameOf("autoScalingGroups.web");
    const AlarmNames = [await nameOf("alarms.high-5xx")];
    await client.call("elbv2", "ModifyTargetGroup", { TargetGroupArn, HealthCheckPath: "/nowhere" });
    await client.call("autoscaling", "UpdateAutoScalingGroup", { AutoScalingGroupName, MaxSize: 3 });
    await client.call("cloudwatch", "DeleteAlarms", { AlarmNames });
    await waitUntil(async () => {
      const corrected = (await api.drift()).filter((event) => event.state === "Corrected");
      return new Set(corrected.map((event) => event.resource)).size >= 3 ? true : undefined;
    }, READY_LIMIT_MS);
    const { TargetGroups = [] } = await ask<DescribeTargetGroupsOutput>("elbv2", "DescribeTargetGroups", {
      TargetGroupArns: [TargetGroupArn],
    });
    expect(TargetGroups[0]?.HealthCheckPath).toBe("/health");
    const { AutoScalingGroups = [] } = await ask<AutoScalingGroupsType>(
      "autoscaling",
      "DescribeAutoScalingGroups",
      {
        AutoScalingGroupNames: [AutoScalingGroupName],
      },
    );
    expect(AutoScalingGroups[0]?.MaxSize).toBe(10);
    const { MetricAlarms = [] } = await ask<DescribeAlarmsOutput>("cloudwatch", "DescribeAlarms", {
      AlarmNames,
    });
    expect(MetricAlarms).toHaveLength(1);
  });
}
