/** A tier that somebody else might have made: a seed, and plain calls of AWS, within what AWS takes. */
import { CloudError } from "../../../src/model/errors.ts";
import type { Input, OperationName, Rng } from "../../../src/ports.ts";
import { seededRng } from "../../../src/runtime/seeded-rng.ts";
import { CERTIFICATES } from "../../../src/simulator/account/seed.ts";
import type { Installation } from "../../support/installation.ts";
import { dimensionOf, SUBNETS, TEMPLATE, VPC } from "./existing-tier.ts";

type Tags = { Key: string; Value: string }[];
type Data = NonNullable<Input<"ec2:CreateLaunchTemplate">["LaunchTemplateData"]>;
type Actions = NonNullable<Input<"elasticloadbalancing:CreateRule">["Actions"]>;
type Conditions = NonNullable<Input<"elasticloadbalancing:CreateRule">["Conditions"]>;

export async function generatedTier(here: Installation, seed: number): Promise<string> {
  return new Generation(here, seededRng(seed)).make();
}

class Generation {
  readonly #here: Installation;
  readonly #rng: Rng;
  #count = 0;
  #common: Tags = [];
  #balancer = "";
  /** Behind an HTTPS listener, where any version of the protocol may be. */
  #isSecure = false;

  constructor(here: Installation, rng: Rng) {
    this.#here = here;
    this.#rng = rng;
  }

  #maybe(share = 0.5): boolean {
    return this.#rng.next() < share;
  }

  #one<T>(items: readonly T[]): T {
    return items[Math.floor(this.#rng.next() * items.length)] as T;
  }

  #whole(least: number, most: number): number {
    return least + Math.floor(this.#rng.next() * (most - least + 1));
  }

  /** Names as tools give them: in any letters, and some alike but for those. */
  #name(kind: string): string {
    this.#count += 1;
    return this.#one([
      `prod-${kind}-${this.#count}`,
      `Prod${kind}${this.#count}`,
      `tf-2024010203-${kind}${this.#count}`,
    ]);
  }

  #tags(): Tags {
    const own = [
      { Key: "Name", Value: this.#name("thing") },
      { Key: "Team", Value: this.#one(["web", "search"]) },
      { Key: "kubernetes.io/cluster/prod", Value: "owned" },
      { Key: "elasticbeanstalk:environment-name", Value: "prod" },
    ].filter(() => this.#maybe(0.3));
    return [...this.#common, ...own];
  }

  /** An operation of AWS's that Holdfast has no use for. */
  #other(operation: string, input: object): Promise<unknown> {
    return this.#here.aws(operation as OperationName, input as never);
  }

  async make(): Promise<string> {
    if (this.#maybe(0.3)) this.#common = [{ Key: "Environment", Value: "production" }];
    this.#isSecure = this.#maybe(0.7);
    const name = this.#name("alb");
    this.#balancer = await this.#loadBalancer(name);
    const targetGroups: string[] = [];
    for (let count = this.#whole(1, 3); count > 0; count -= 1) targetGroups.push(await this.#targetGroup());
    const byHand = this.#maybe(0.4) ? await this.#targetGroup() : undefined;
    const listeners = await this.#listeners(targetGroups);
    for (const listener of listeners.slice(0, 1))
      await this.#rules(listener, byHand === undefined ? targetGroups : [...targetGroups, byHand]);
    await this.#groups(targetGroups);
    await this.#foreign();
    return name;
  }

  async #loadBalancer(Name: string): Promise<string> {
    const made = await this.#here.aws("elasticloadbalancing:CreateLoadBalancer", {
      Name,
      Subnets: this.#maybe() ? SUBNETS : SUBNETS.slice(0, 2),
      Scheme: this.#one(["internet-facing", "internal"] as const),
      ...(this.#maybe() ? { SecurityGroups: ["sg-alb-12345678"] } : {}),
      ...withTags(this.#tags()),
    });
    const LoadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    const Attributes = [
      { Key: "idle_timeout.timeout_seconds", Value: String(this.#whole(1, 4000)) },
      { Key: "routing.http.desync_mitigation_mode", Value: this.#one(["monitor", "strictest"]) },
      { Key: "routing.http2.enabled", Value: "false" },
      { Key: "deletion_protection.enabled", Value: "true" },
      { Key: "routing.http.xff_header_processing.mode", Value: "preserve" },
    ].filter(() => this.#maybe(0.4));
    if (Attributes.length > 0)
      await this.#here.aws("elasticloadbalancing:ModifyLoadBalancerAttributes", {
        LoadBalancerArn,
        Attributes,
      });
    return LoadBalancerArn;
  }

  async #targetGroup(): Promise<string> {
    const version = this.#isSecure ? this.#one(["HTTP1", "HTTP1", "HTTP2", "GRPC"]) : "HTTP1";
    const made = await this.#here.aws("elasticloadbalancing:CreateTargetGroup", {
      Name: this.#name("tg"),
      Protocol: this.#one(["HTTP", "HTTPS"] as const),
      ProtocolVersion: version,
      Port: this.#whole(1, 65_535),
      VpcId: VPC,
      ...(this.#maybe() ? { HealthCheckPath: this.#one(["/", "/health", "/a.B/c?d=e"]) } : {}),
      ...(this.#maybe()
        ? { HealthCheckIntervalSeconds: this.#whole(10, 300), HealthCheckTimeoutSeconds: this.#whole(2, 9) }
        : {}),
      ...(this.#maybe()
        ? { HealthyThresholdCount: this.#whole(2, 10), UnhealthyThresholdCount: this.#whole(2, 10) }
        : {}),
      ...(this.#maybe() ? { HealthCheckPort: this.#one(["traffic-port", "8081"]) } : {}),
      ...(this.#maybe()
        ? {
            Matcher:
              version === "GRPC"
                ? { GrpcCode: "0-12" }
                : { HttpCode: this.#one(["200", "200,202", "200-299"]) },
          }
        : {}),
      ...withTags(this.#tags()),
    });
    const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn ?? "";
    const Attributes = [
      { Key: "deregistration_delay.timeout_seconds", Value: String(this.#whole(0, 3600)) },
      { Key: "stickiness.lb_cookie.duration_seconds", Value: String(this.#whole(1, 604_800)) },
      {
        Key: "load_balancing.algorithm.type",
        Value: this.#one(["least_outstanding_requests", "weighted_random"]),
      },
      { Key: "load_balancing.cross_zone.enabled", Value: this.#one(["true", "false"]) },
      {
        Key: "target_group_health.dns_failover.minimum_healthy_targets.count",
        Value: this.#one(["off", "2"]),
      },
    ].filter(() => this.#maybe(0.4));
    if (Attributes.length > 0)
      await this.#here.aws("elasticloadbalancing:ModifyTargetGroupAttributes", {
        TargetGroupArn,
        Attributes,
      });
    return TargetGroupArn;
  }

  async #listeners(targetGroups: readonly string[]): Promise<string[]> {
    const first = this.#isSecure
      ? await this.#listener(443, "HTTPS", this.#forward(targetGroups))
      : undefined;
    // Behind an HTTP listener no version but the first may be.
    const isRedirect = this.#isSecure;
    const redirect: Actions = [
      {
        Type: "redirect",
        RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: this.#one(["HTTP_301", "HTTP_302"]) },
      },
    ];
    const plain =
      this.#isSecure && this.#maybe()
        ? undefined
        : await this.#listener(
            this.#one([80, 8080]),
            "HTTP",
            isRedirect ? redirect : this.#forward(targetGroups),
          );
    return [first, plain].filter((listener) => listener !== undefined);
  }

  async #listener(Port: number, Protocol: "HTTP" | "HTTPS", DefaultActions: Actions): Promise<string> {
    const [first = "", ...others] = CERTIFICATES.map(({ arn }) => arn);
    const isSecure = Protocol === "HTTPS";
    const made = await this.#here.aws("elasticloadbalancing:CreateListener", {
      LoadBalancerArn: this.#balancer,
      ...{ Port, Protocol, DefaultActions },
      ...(isSecure ? { Certificates: [{ CertificateArn: first }] } : {}),
      ...(isSecure && this.#maybe()
        ? { SslPolicy: this.#one(["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-3-2021-06"]) }
        : {}),
      ...withTags(this.#tags()),
    });
    const ListenerArn = made.Listeners?.[0]?.ListenerArn ?? "";
    for (const CertificateArn of isSecure && this.#maybe() ? others : [])
      await this.#here.aws("elasticloadbalancing:AddListenerCertificates", {
        ListenerArn,
        Certificates: [{ CertificateArn }],
      });
    return ListenerArn;
  }

  #forward(targetGroups: readonly string[]): Actions {
    const some = targetGroups.filter(() => this.#maybe(0.6));
    const [first = targetGroups[0] ?? "", ...others] = some;
    if (others.length === 0) return [{ Type: "forward", TargetGroupArn: first }];
    const TargetGroups = [first, ...others].map((TargetGroupArn) => ({
      TargetGroupArn,
      Weight: this.#whole(0, 999),
    }));
    const TargetGroupStickinessConfig = this.#maybe()
      ? { Enabled: true, DurationSeconds: this.#whole(1, 604_800) }
      : { Enabled: false };
    return [{ Type: "forward", ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }];
  }

  async #rules(ListenerArn: string, targetGroups: readonly string[]): Promise<void> {
    const priorities = new Set(Array.from({ length: this.#whole(0, 5) }, () => this.#whole(1, 50_000)));
    for (const Priority of priorities) {
      const Actions = this.#maybe(0.7)
        ? this.#forward(
            [this.#one(targetGroups), ...targetGroups.filter(() => this.#maybe(0.3))].filter(
              (arn, at, all) => all.indexOf(arn) === at,
            ),
          )
        : this.#one<Actions>([
            [
              {
                Type: "fixed-response",
                FixedResponseConfig: {
                  StatusCode: "503",
                  ContentType: "text/html",
                  MessageBody: "<p>later</p>",
                },
              },
            ],
            [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "204" } }],
            [
              {
                Type: "redirect",
                RedirectConfig: { Host: "www.#{host}", Path: "/new/#{path}", StatusCode: "HTTP_302" },
              },
            ],
          ]);
      const input = {
        ListenerArn,
        Priority,
        Conditions: this.#conditions(),
        Actions,
        ...withTags(this.#tags()),
      };
      await this.#here.aws("elasticloadbalancing:CreateRule", input);
    }
  }

  #conditions(): Conditions {
    const all: Conditions = [
      { Field: "host-header", HostHeaderConfig: { Values: ["*.Example.com"] } },
      { Field: "path-pattern", Values: [this.#one(["/api/*", "/img/?.png"])] },
      { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET"] } },
      { Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } },
      {
        Field: "http-header",
        HttpHeaderConfig: { HttpHeaderName: "X-Origin", Values: ["a-secret-that-only-the-edge-knows"] },
      },
      {
        Field: "query-string",
        QueryStringConfig: {
          Values: [{ Key: "v", Value: "2" }, { Value: "beta*" }].slice(0, this.#whole(1, 2)),
        },
      },
    ];
    const chosen = all.filter(() => this.#maybe(0.3)).slice(0, 4);
    return chosen.length === 0 ? [this.#one(all)] : chosen;
  }

  async #groups(targetGroups: readonly string[]): Promise<void> {
    for (const targetGroup of targetGroups) {
      for (let count = this.#maybe(0.25) ? 2 : 1; count > 0; count -= 1) {
        const others = targetGroups.filter((other) => other !== targetGroup && this.#maybe(0.2));
        await this.#group([targetGroup, ...others]);
      }
    }
  }

  async #group(TargetGroupARNs: string[]): Promise<void> {
    const AutoScalingGroupName = this.#name("asg");
    const { id, version } = await this.#template();
    const MinSize = this.#whole(0, 2);
    await this.#here.aws("autoscaling:CreateAutoScalingGroup", {
      ...{ AutoScalingGroupName, MinSize, TargetGroupARNs },
      MaxSize: MinSize + this.#whole(1, 4),
      VPCZoneIdentifier: (this.#maybe() ? SUBNETS : SUBNETS.slice(1)).join(","),
      LaunchTemplate: { LaunchTemplateId: id, Version: version },
      ...(this.#maybe() ? { HealthCheckType: "ELB", HealthCheckGracePeriod: this.#whole(0, 900) } : {}),
      ...(this.#maybe(0.3) ? { DefaultCooldown: this.#whole(0, 600) } : {}),
      ...(this.#maybe(0.3) ? { DefaultInstanceWarmup: this.#whole(0, 600) } : {}),
      ...(this.#maybe(0.3) ? { MaxInstanceLifetime: this.#whole(86_400, 31_536_000) } : {}),
      ...(this.#maybe(0.3) ? { TerminationPolicies: ["OldestInstance", "Default"] } : {}),
      ...(this.#maybe(0.3) ? { NewInstancesProtectedFromScaleIn: true } : {}),
      ...(this.#maybe(0.2) ? { Context: "of somebody" } : {}),
      Tags: this.#tags().map((tag) => ({ ...tag, PropagateAtLaunch: this.#maybe() })),
    });
    await this.#policies(AutoScalingGroupName, TargetGroupARNs[0] ?? "");
    if (this.#maybe(0.2))
      await this.#other("autoscaling:PutScheduledUpdateGroupAction", {
        AutoScalingGroupName,
        ScheduledActionName: "evening",
        Recurrence: "0 20 * * *",
        MinSize: 1,
      });
    if (this.#maybe(0.2))
      await this.#other("autoscaling:SuspendProcesses", {
        AutoScalingGroupName,
        ScalingProcesses: ["AZRebalance"],
      });
    if (this.#maybe(0.2))
      await this.#other("autoscaling:EnableMetricsCollection", {
        AutoScalingGroupName,
        Granularity: "1Minute",
      });
  }

  async #template(): Promise<{ id: string; version: string }> {
    const made = await this.#here.aws("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: this.#name("lt"),
      LaunchTemplateData: this.#data(),
      TagSpecifications: this.#maybe(0.3)
        ? [{ ResourceType: "launch-template", Tags: [{ Key: "Team", Value: "web" }] }]
        : [],
    });
    const id = made.LaunchTemplate?.LaunchTemplateId ?? "";
    const versions = this.#whole(1, 3);
    for (let number = 2; number <= versions; number += 1)
      await this.#here.aws("ec2:CreateLaunchTemplateVersion", {
        LaunchTemplateId: id,
        LaunchTemplateData: this.#data(),
      });
    const DefaultVersion = String(this.#whole(1, versions));
    if (this.#maybe())
      await this.#here.aws("ec2:ModifyLaunchTemplate", { LaunchTemplateId: id, DefaultVersion });
    if (this.#maybe(0.2)) await this.#batch(id);
    return { id, version: this.#one(["$Latest", "$Default", String(this.#whole(1, versions))]) };
  }

  /** A group of somebody else's that launches from the same template. */
  async #batch(LaunchTemplateId: string): Promise<void> {
    await this.#here.aws("autoscaling:CreateAutoScalingGroup", {
      AutoScalingGroupName: this.#name("batch"),
      ...{ MinSize: 0, MaxSize: 1, VPCZoneIdentifier: SUBNETS[0] },
      LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
    });
  }

  #data(): Data {
    const tags = this.#tags();
    const ofInstances: Data =
      tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: "instance", Tags: tags }] };
    const ofBoth: Data =
      tags.length === 0
        ? {}
        : {
            TagSpecifications: (["instance", "volume"] as const).map((ResourceType) => ({
              ResourceType,
              Tags: tags,
            })),
          };
    const type = this.#one(["t3.medium", "m5.large"] as const);
    return {
      ...{ ImageId: TEMPLATE.ImageId, InstanceType: type },
      ...(this.#maybe() ? { SecurityGroupIds: ["sg-12345678"] } : {}),
      ...(this.#maybe()
        ? { UserData: Buffer.from(`#!/bin/sh\necho ${this.#whole(1, 99)}\n`).toString("base64") }
        : {}),
      ...(this.#maybe(0.2) ? { UserData: Buffer.from([31, 139, 8, 0, 255, 254]).toString("base64") } : {}),
      ...(this.#maybe()
        ? {
            MetadataOptions: {
              HttpTokens: this.#one(["required", "optional"]),
              HttpPutResponseHopLimit: this.#whole(1, 3),
            },
          }
        : {}),
      ...(this.#maybe(0.3) ? { KeyName: "holdfast" } : {}),
      ...(this.#maybe(0.3) ? { IamInstanceProfile: { Name: "holdfast" } } : {}),
      ...(this.#maybe(0.3) ? { Monitoring: { Enabled: this.#maybe() } } : {}),
      ...(this.#maybe(0.3) ? { EbsOptimized: this.#maybe() } : {}),
      ...(this.#maybe(0.3)
        ? {
            BlockDeviceMappings: [
              {
                DeviceName: "/dev/xvda",
                Ebs: {
                  VolumeSize: this.#whole(8, 100),
                  VolumeType: "gp3",
                  Encrypted: this.#maybe(),
                  DeleteOnTermination: this.#maybe(),
                },
              },
            ],
          }
        : {}),
      ...this.#one([{}, ofInstances, ofBoth]),
      ...(type === "t3.medium" && this.#maybe(0.4)
        ? { CreditSpecification: { CpuCredits: "unlimited" } }
        : {}),
      ...(this.#maybe(0.2) ? { DisableApiTermination: true } : {}),
      ...(this.#maybe(0.2) ? { InstanceInitiatedShutdownBehavior: "terminate" } : {}),
    };
  }

  async #policies(AutoScalingGroupName: string, targetGroup: string): Promise<void> {
    const put = (input: Omit<Input<"autoscaling:PutScalingPolicy">, "AutoScalingGroupName" | "PolicyName">) =>
      this.#here.aws("autoscaling:PutScalingPolicy", {
        AutoScalingGroupName,
        PolicyName: this.#name("policy"),
        ...input,
      });
    const tracking = { PolicyType: "TargetTrackingScaling" } as const;
    const TargetValue = this.#whole(1, 90);
    if (this.#maybe(0.4))
      await put({
        ...tracking,
        TargetTrackingConfiguration: {
          TargetValue,
          PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
          DisableScaleIn: this.#maybe(),
        },
      });
    if (this.#maybe(0.3)) {
      const ResourceLabel = `${dimensionOf(this.#balancer)}/${dimensionOf(targetGroup)}`;
      const metric = { PredefinedMetricType: "ALBRequestCountPerTarget" as const, ResourceLabel };
      await put({
        ...tracking,
        TargetTrackingConfiguration: { TargetValue, PredefinedMetricSpecification: metric },
      }).catch(refusal);
    }
    if (this.#maybe(0.3))
      await put({
        ...tracking,
        EstimatedInstanceWarmup: this.#whole(0, 600),
        TargetTrackingConfiguration: {
          TargetValue,
          CustomizedMetricSpecification: {
            Namespace: "Shop",
            MetricName: "Busy",
            Statistic: "Average",
            Dimensions: this.#maybe() ? [{ Name: "Fleet", Value: "a" }] : [],
          },
        },
      });
    if (this.#maybe(0.4)) {
      const StepAdjustments = [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 10, ScalingAdjustment: 3 },
      ];
      const { PolicyARN = "" } = await put({
        PolicyType: "StepScaling",
        AdjustmentType: "ChangeInCapacity",
        StepAdjustments,
        Enabled: this.#maybe(0.8),
      });
      await this.#alarm([{ Name: "Queue", Value: "orders" }], [PolicyARN]);
    }
    if (this.#maybe(0.3))
      await put({
        PolicyType: "SimpleScaling",
        AdjustmentType: "ExactCapacity",
        ScalingAdjustment: 2,
        Cooldown: 60,
      });
    if (this.#maybe(0.2))
      await put({
        ...tracking,
        TargetTrackingConfiguration: {
          TargetValue,
          CustomizedMetricSpecification: { Metrics: metrics(AutoScalingGroupName) },
        },
      });
    if (this.#maybe(0.2))
      await put({
        PolicyType: "PredictiveScaling",
        PredictiveScalingConfiguration: {
          ...(this.#maybe() ? { Mode: "ForecastAndScale", SchedulingBufferTime: 600 } : {}),
          MetricSpecifications: [
            {
              TargetValue,
              PredefinedScalingMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
              CustomizedLoadMetricSpecification: { MetricDataQueries: metrics(AutoScalingGroupName) },
            },
          ],
        },
      });
    if (this.#maybe(0.3)) await this.#alarm([{ Name: "AutoScalingGroupName", Value: AutoScalingGroupName }]);
    if (this.#maybe(0.3))
      await this.#alarm([
        { Name: "LoadBalancer", Value: dimensionOf(this.#balancer) },
        { Name: "TargetGroup", Value: dimensionOf(targetGroup) },
      ]);
  }

  async #alarm(Dimensions: { Name: string; Value: string }[], actions: string[] = []): Promise<void> {
    const EvaluationPeriods = this.#whole(1, 5);
    await this.#here.aws("cloudwatch:PutMetricAlarm", {
      AlarmName: this.#one([this.#name("alarm"), `team/${this.#name("alarm")} (page)`]),
      ...{
        Dimensions,
        EvaluationPeriods,
        Namespace: "AWS/ApplicationELB",
        MetricName: "RequestCount",
        Period: this.#one([60, 300]),
      },
      ...{ Threshold: this.#whole(-5, 500) / 2, ComparisonOperator: "GreaterThanOrEqualToThreshold" },
      ...(this.#maybe()
        ? { Statistic: "Sum" }
        : {
            ExtendedStatistic: "p99.9",
            ...(this.#maybe() ? { EvaluateLowSampleCountPercentile: "ignore" } : {}),
          }),
      ...(this.#maybe(0.3) ? { DatapointsToAlarm: this.#whole(1, EvaluationPeriods) } : {}),
      ...(this.#maybe(0.3)
        ? { TreatMissingData: this.#one(["breaching", "notBreaching", "ignore", "missing"]) }
        : {}),
      ...(this.#maybe(0.3) ? { ActionsEnabled: false } : {}),
      ...(this.#maybe(0.3) ? { Unit: "Count" } : {}),
      ...(this.#maybe(0.3) ? { AlarmDescription: "Wakes somebody: yes" } : {}),
      AlarmActions: [...actions, ...(this.#maybe() ? ["arn:aws:sns:us-east-1:123456789012:alerts"] : [])],
      ...(this.#maybe(0.3) ? { OKActions: ["arn:aws:sns:us-east-1:123456789012:alerts"] } : {}),
      ...withTags(this.#tags()),
    });
  }

  /** What is no part of it. */
  async #foreign(): Promise<void> {
    await this.#alarm([{ Name: "LoadBalancer", Value: "app/another/50dc6c495c0c9188" }]);
    await this.#here.aws("elasticloadbalancing:CreateTargetGroup", {
      Name: this.#name("tg"),
      Protocol: "HTTP",
      Port: 80,
      VpcId: VPC,
    });
  }
}

function withTags(list: Tags): { Tags?: Tags } {
  return list.length === 0 ? {} : { Tags: list };
}

/** What AWS refuses of what was drawn: the account stays without it. */
function refusal(error: unknown): void {
  if (!(error instanceof CloudError)) throw error;
}

/** Two metrics, one of them of a group, and an expression over them. */
function metrics(group: string) {
  const metric = (Namespace: string, MetricName: string, Dimensions: { Name: string; Value: string }[]) => ({
    MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Stat: "Sum" },
    ReturnData: false,
  });
  return [
    { Id: "waiting", ...metric("Shop", "Waiting", []) },
    {
      Id: "instances",
      ...metric("AWS/AutoScaling", "GroupInServiceInstances", [
        { Name: "AutoScalingGroupName", Value: group },
      ]),
    },
    { Id: "each", Expression: "waiting / instances", Label: "each" },
  ];
}
