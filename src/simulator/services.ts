/**
 * What the services of the simulated account promise each other. Each owns its state and its rules in its own
 * folder; whatever crosses a border crosses it here.
 */

import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Requirements } from "./account/instance-requirements.ts";

/** IAM's names of the services; the operations in the ports use them as prefixes. */
export type ServiceName =
  | "elasticloadbalancing"
  | "autoscaling"
  | "ec2"
  | "cloudwatch"
  | "sts"
  | "ssm"
  | "acm"
  | "sns"
  | "iam"
  | "sqs"
  | "events"
  | "cloudtrail";

/**
 * Handlers by AWS's bare operation name. A handler takes the SDK's input, runs at once, either changes
 * everything and returns the SDK's output (without `$metadata`), or throws an `AwsError` and has changed nothing.
 */
export type OperationTable = Readonly<Record<string, (input: never) => object>>;

/** What `buildX` of a service returns. */
export interface Service<Part> {
  readonly operations: OperationTable;
  readonly part: Part;
}

export interface Tag {
  Key: string;
  Value: string;
}

/** A running virtual machine, as the other services see it. */
export interface Instance {
  readonly instanceId: string;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly market: Market;
  readonly launchedAtMs: number;
  readonly state: "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";
  readonly systemStatus: "ok" | "impaired" | "initializing" | "not-applicable" | "insufficient-data";
  readonly instanceStatus: "ok" | "impaired" | "initializing" | "not-applicable" | "insufficient-data";
  readonly tags: readonly Tag[];
}

/** How an instance is paid for. */
export type Market = "on-demand" | "spot";

/** What EC2 says of a Spot Instance: it is at risk, or it will be taken back in two minutes. */
export type SpotSignal = "rebalance" | "interruption";

/** What a launch takes in place of what its template has. */
export interface LaunchVariation {
  readonly instanceType?: string | undefined;
  /** In place of any type: one of those that have it. */
  readonly requirements?: Requirements | undefined;
  readonly imageId?: string | undefined;
  /** Without one, the template's. */
  readonly market?: Market | undefined;
  /** US dollars per hour of Spot. */
  readonly spotMaxPrice?: string | undefined;
}

/** EC2, as Auto Scaling and ELB see it. */
export interface Ec2Part {
  /** The numbered version behind a number, `$Latest` or `$Default`. @throws AwsError when there is none */
  templateVersion(template: { id?: string; name?: string; version?: string }): {
    id: string;
    name: string;
    version: number;
  };
  /** The image as the version has it, `resolve:ssm:` included; `undefined` where there is no such version, or it has none. */
  templateImage(template: { id?: string; name?: string; version?: string }): string | undefined;
  /** Starts one instance. @throws AwsError: unknown image, type, security group, zone without capacity, … */
  launch(
    request: LaunchVariation & { templateId: string; version: number; subnetId: string; tags: Tag[] },
  ): Instance;
  /** @throws AwsError for what a launch from the template would be refused for whenever it is tried */
  checkTemplate(
    request: LaunchVariation & {
      templateId: string;
      version: string;
      subnetId: string;
      /** Whether the type may be chosen by what it must have. */
      isMixed: boolean;
    },
  ): void;
  /** Types that have what is asked for, and on which the template's image runs. @throws AwsError */
  typesMeeting(
    request: LaunchVariation & { templateId: string; version: string; requirements: Requirements },
  ): string[];
  /** How many instances can still be launched. */
  spare(market: Market, instanceType: string, zone: string): number;
  /** The instance type of the template, or what it must have. @throws AwsError when there is no such version */
  templateType(template: { id: string; version: string }): LaunchVariation;
  /** What a launch from the template would ask for. @throws AwsError when there is no such version */
  templateTraits(template: { id: string; version: string }): { isSpot: boolean; canHibernate: boolean };
  terminate(instanceId: string): void;
  /** A running one; hibernated, its application is there again as soon as it has started. */
  stop(instanceId: string, hibernate: boolean): void;
  /** A stopped one. */
  start(instanceId: string): void;
  instance(instanceId: string): Instance | undefined;
  subnet(
    subnetId: string,
  ): { subnetId: string; vpcId: string; availabilityZone: string; freeAddresses(): number } | undefined;
  /** Where a launch goes that names a zone and no subnet. */
  defaultSubnet(zone: string): { subnetId: string } | undefined;
  securityGroup(groupId: string): { groupId: string; vpcId: string } | undefined;
  /** The one that was made with the VPC, which exists. */
  defaultSecurityGroup(vpcId: string): string;
  vpc(vpcId: string): { vpcId: string } | undefined;
  hasInternetGateway(vpcId: string): boolean;
  isZoneAvailable(availabilityZone: string): boolean;
  /** Whether the application on the instance answers, and how: what a health check or a request meets now. */
  respond(
    instanceId: string,
    port: number,
    path: string,
  ): { reachable: false; timedOut: boolean } | { reachable: true; statusCode: number };
  /** Called after each change of an instance's state or status checks. */
  onInstanceChange(listener: (instance: Instance) => void): void;
  onSpotSignal(listener: (instanceId: string, signal: SpotSignal) => void): void;
  /** Called whenever `respond` may answer differently from now on; never at other times is its answer new. */
  onApplicationChange(listener: (instanceId: string) => void): void;
}

export interface TargetHealth {
  state: "initial" | "healthy" | "unhealthy" | "unused" | "draining" | "unavailable";
  reason?: string;
  description?: string;
}

/** A target group that a load balancer uses. */
interface UsedTargetGroup {
  readonly arn: string;
  readonly dimension: string;
  /** Whether some action sends it requests: one that it has with weight 0 alone gets none. */
  readonly receives: boolean;
}

/** Elastic Load Balancing, as Auto Scaling and CloudWatch see it. */
export interface ElbPart {
  targetGroupExists(targetGroupArn: string): boolean;
  /** Idempotent, as RegisterTargets is; port is the group's own. */
  register(targetGroupArn: string, instanceId: string): void;
  /** Starts draining; `drained` runs when the deregistration delay is over (or at once when nothing is to drain). */
  deregister(targetGroupArn: string, instanceId: string, drained: () => void): void;
  targetHealth(targetGroupArn: string, instanceId: string): TargetHealth | undefined;
  /** ARNs and, for the metric dimensions, the names `app/…` and `targetgroup/…`. */
  loadBalancers(): { arn: string; dimension: string; targetGroups: UsedTargetGroup[] }[];
  /** Where load balancers have network interfaces: one in each of their subnets. */
  interfaces(): {
    dimension: string;
    subnetId: string;
    securityGroups: readonly string[];
    isPublic: boolean;
    createdAtMs: number;
  }[];
  /** Ids of the instances registered, with the port at which each gets requests, and health. */
  targets(targetGroupArn: string): { instanceId: string; port: number; health: TargetHealth }[];
  /** `app/<lb>/<id>/targetgroup/<tg>/<id>` exists and the group is in use by that load balancer. */
  resourceLabelIsValid(label: string): boolean;
}

/** Auto Scaling, as CloudWatch sees it. */
export interface AutoScalingPart {
  /** An alarm with this policy as its action has gone to ALARM (or stays there at a further evaluation). */
  executePolicy(policyArn: string, alarm: { name: string; metricValue: number; threshold: number }): void;
  policyExists(policyArn: string): boolean;
  groups(): {
    name: string;
    minSize: number;
    maxSize: number;
    desiredCapacity: number;
    instances: { instanceId: string; lifecycleState: string }[];
    targetGroupArns: string[];
    /** Names of the group metrics whose collection is on. */
    enabledMetrics: string[];
  }[];
}

/** CloudWatch, as Auto Scaling sees it: the alarms that a target tracking policy creates for itself. */
export interface CloudWatchPart {
  /** Alarms made here are visible and deletable like any other. Replaces alarms of the same name. */
  putServiceAlarm(alarm: {
    name: string;
    namespace: string;
    metricName: string;
    dimensions: { Name: string; Value: string }[];
    statistic: string;
    period: number;
    evaluationPeriods: number;
    threshold: number;
    comparisonOperator: string;
    alarmActions: string[];
    description: string;
    /** In place of one metric. */
    queries?: MetricDataQuery[];
  }): { arn: string };
  deleteServiceAlarm(name: string): void;
  /** Latest values of a metric over the last `seconds`, oldest first. */
  values(
    metric: { namespace: string; metricName: string; dimensions: { Name: string; Value: string }[] },
    seconds: number,
  ): number[];
  /** The value over an hour that is over, of the last two weeks; nothing where nothing was reported. */
  hourly(
    metric: { namespace: string; metricName: string; dimensions: { Name: string; Value: string }[] },
    statistic: string,
    hourMs: number,
  ): number | undefined;
  /** Removes one action ARN from every alarm, and deletes alarms of `names` that have no action left. */
  removeAction(actionArn: string, names: string[]): void;
  /** The alarms that have this ARN among their actions, in any state's list. */
  alarmsWithAction(actionArn: string): { name: string; arn: string }[];
  /** `undefined` when there is no alarm of this name. */
  alarmState(name: string): "OK" | "ALARM" | "INSUFFICIENT_DATA" | undefined;
}

/** Traffic that the user has set for a load balancer; the load model turns it into metrics. */
export interface Load {
  /** Requests per second over the whole load balancer. */
  requestsPerSecond: number;
  /** Share of requests that the application itself answers with 500, 0 to 1. */
  errorRate: number;
}

/** Traffic by load balancer: what the control route sets and the metrics come from. */
export interface LoadPart {
  /** @param loadBalancer ARN, name, or metric dimension (`app/name/id`). @throws AwsError when there is none */
  set(loadBalancer: string, load: Load): void;
  get(loadBalancerArn: string): Load;
}

/** Systems Manager, as EC2 sees it. */
export interface SsmPart {
  /** The image that `resolve:ssm:<parameter>` stands for; another text stands for itself. */
  imageNamedBy(given: string): string | undefined;
}

/** Certificate Manager, as Elastic Load Balancing sees it. */
export interface AcmPart {
  /** Whether there is such a certificate, and it was issued. */
  hasCertificate(arn: string): boolean;
}

/** Identity and Access Management, as EC2 sees it. */
export interface IamPart {
  /** ARN of the instance profile. */
  instanceProfile(named: { name?: string | undefined; arn?: string | undefined }): string | undefined;
}

/** Simple Notification Service, as Auto Scaling sees it. */
export interface SnsPart {
  hasTopic(topicArn: string): boolean;
  /** To a topic that is gone nothing is published, and nobody is told. */
  publish(topicArn: string, subject: string, message: object): void;
}

/** Simple Queue Service, as EventBridge sees it. */
export interface SqsPart {
  /** Whether the queue is there and its policy lets EventBridge send for the rule; then the message is in it. */
  deliver(queueArn: string, ruleArn: string, body: string): boolean;
}

/** Whether a service tells it itself, or CloudTrail tells of a call. */
export type EventKind = "service" | "cloudtrail";

export interface ServiceEvent {
  readonly kind: EventKind;
  /** Of CloudTrail's: whether it is a call that EventBridge leaves out unless asked for. */
  readonly isRead?: boolean;
  readonly source: string;
  readonly detailType: string;
  /** ARNs. */
  readonly resources: readonly string[];
  /** When it happened; now unless given. */
  readonly atMs?: number;
  /** Asked for only when a rule may want it. */
  detail(): object;
}

/** EventBridge, as whoever tells something sees it. */
export interface EventsPart {
  /** Whether any rule may want such an event. */
  asksFor(kind: EventKind, isRead: boolean): boolean;
  /** Without a rule that wants it nothing happens, and nothing is drawn. */
  emit(event: ServiceEvent): void;
}

/** Every service's part. */
export interface Parts {
  readonly ec2: Ec2Part;
  readonly elb: ElbPart;
  readonly autoScaling: AutoScalingPart;
  readonly cloudWatch: CloudWatchPart;
  readonly load: LoadPart;
  readonly ssm: SsmPart;
  readonly acm: AcmPart;
  readonly iam: IamPart;
  readonly sns: SnsPart;
  readonly sqs: SqsPart;
  readonly events: EventsPart;
}
