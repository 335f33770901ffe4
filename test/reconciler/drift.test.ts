import { describe, expect, it } from "vitest";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import { watchesOf } from "../support/alarm-input.ts";
import { type Example, example, forwardTo, SECOND_CERTIFICATE } from "../support/example.ts";
import type { Installation } from "../support/installation.ts";
import { arnOf, census, converged, driftEvents, nameOf, somebody, untilRepaired } from "./world.ts";

const ELB = "elasticloadbalancing";

interface Case {
  /** What somebody else does. */
  readonly does: string;
  readonly sabotage: (installation: Installation) => Promise<unknown>;
  /** `address field`, in the order of their names; no field for a resource that is gone. */
  readonly drifts: readonly string[];
  /** The mutating calls that put it right. */
  readonly calls: readonly string[];
  /** What stood before. */
  readonly on?: Example;
  /** What AWS held meanwhile, where one field moved. */
  readonly after?: DriftEvent["after"];
}

const balancer = (i: Installation) => ({ LoadBalancerArn: arnOf(i, "loadBalancer") });
const listener = (i: Installation, port = 443) => ({
  ListenerArn: arnOf(i, `loadBalancer.listeners.${port}`),
});
const rule = (i: Installation, name = "block-admin") => ({
  RuleArn: arnOf(i, `loadBalancer.listeners.443.rules.${name}`),
});
const targetGroup = (i: Installation) => ({ TargetGroupArn: arnOf(i, "targetGroups.web") });
const template = (i: Installation) => ({
  LaunchTemplateId: arnOf(i, "autoScalingGroups.web.launchTemplate"),
});
const group = (i: Installation) => ({ AutoScalingGroupName: nameOf(i, "autoScalingGroups.web") });
const policyName = "holdfast/default/web-api/cpu@target";
const alarmName = "holdfast/default/web-api/high-5xx";

const updateGroup = (change: object) => (i: Installation) =>
  somebody(i, "autoscaling:UpdateAutoScalingGroup", { ...group(i), ...change });
const modifyTargetGroup = (change: object) => (i: Installation) =>
  somebody(i, `${ELB}:ModifyTargetGroup`, { ...targetGroup(i), ...change });
const modifyListener = (change: object) => (i: Installation) =>
  somebody(i, `${ELB}:ModifyListener`, { ...listener(i), ...change });
const putAlarm = (change: object) => async (i: Installation) => {
  const { MetricAlarms } = await somebody(i, "cloudwatch:DescribeAlarms", { AlarmNames: [alarmName] });
  return somebody(i, "cloudwatch:PutMetricAlarm", { ...watchesOf(MetricAlarms[0]), ...change });
};
const retag = (key: string, Value: string) => (i: Installation) =>
  somebody(i, `${ELB}:AddTags`, { ResourceArns: [arnOf(i, key)], Tags: [{ Key: "Environment", Value }] });
const detach = (i: Installation) =>
  somebody(i, "autoscaling:DetachLoadBalancerTargetGroups", {
    ...group(i),
    TargetGroupARNs: [arnOf(i, TG)],
  });
const putPolicy =
  (TargetValue: number, change: object = {}) =>
  (i: Installation) =>
    somebody(i, "autoscaling:PutScalingPolicy", {
      ...group(i),
      PolicyName: policyName,
      PolicyType: "TargetTrackingScaling",
      TargetTrackingConfiguration: {
        TargetValue,
        PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
      },
      ...change,
    });
const fixed = (StatusCode: string) => [{ Type: "fixed-response", FixedResponseConfig: { StatusCode } }];

const LB = "loadBalancer";
const L443 = "loadBalancer.listeners.443";
const RULE = "loadBalancer.listeners.443.rules.block-admin";
const TG = "targetGroups.web";
const ASG = "autoScalingGroups.web";
const LT = "autoScalingGroups.web.launchTemplate";
const CPU = "autoScalingGroups.web.scalingPolicies.cpu";
const ALARM = "alarms.high-5xx";

const twoRules = example().withRule("api", { action: forwardTo("web") });

const CASES: readonly Case[] = [
  {
    does: "changes an attribute of the load balancer",
    sabotage: (i) =>
      somebody(i, `${ELB}:ModifyLoadBalancerAttributes`, {
        ...balancer(i),
        Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "120" }],
      }),
    drifts: [`${LB} attributes.idle_timeout.timeout_seconds`],
    calls: [`${ELB}:ModifyLoadBalancerAttributes`],
    after: "120",
  },
  {
    does: "takes a subnet from the load balancer",
    sabotage: (i) =>
      somebody(i, `${ELB}:SetSubnets`, { ...balancer(i), Subnets: ["subnet-1a", "subnet-1b"] }),
    drifts: [`${LB} subnets`],
    calls: [`${ELB}:SetSubnets`],
    after: ["subnet-1a", "subnet-1b"],
  },
  {
    does: "changes the security groups of the load balancer",
    sabotage: (i) =>
      somebody(i, `${ELB}:SetSecurityGroups`, { ...balancer(i), SecurityGroups: ["sg-12345678"] }),
    drifts: [`${LB} securityGroups`],
    calls: [`${ELB}:SetSecurityGroups`],
    after: ["sg-12345678"],
  },
  {
    does: "changes the address type of the load balancer",
    sabotage: (i) => somebody(i, `${ELB}:SetIpAddressType`, { ...balancer(i), IpAddressType: "dualstack" }),
    drifts: [`${LB} ipAddressType`],
    calls: [`${ELB}:SetIpAddressType`],
    after: "dualstack",
  },
  {
    does: "changes a tag of the load balancer",
    sabotage: retag(LB, "staging"),
    drifts: [`${LB} tags.Environment`],
    calls: [`${ELB}:AddTags`],
    after: "staging",
  },
  {
    does: "deletes the load balancer",
    sabotage: (i) => somebody(i, `${ELB}:DeleteLoadBalancer`, balancer(i)),
    drifts: [LB, "loadBalancer.listeners.443", RULE, "loadBalancer.listeners.80"],
    calls: [
      `${ELB}:CreateLoadBalancer`,
      `${ELB}:CreateListener`,
      `${ELB}:CreateListener`,
      "cloudwatch:PutMetricAlarm",
      `${ELB}:CreateRule`,
    ],
  },
  {
    does: "changes the default action of a listener",
    sabotage: modifyListener({ DefaultActions: fixed("503") }),
    drifts: [`${L443} defaultAction`],
    calls: [`${ELB}:ModifyListener`],
    after: { type: "fixed-response", statusCode: "503", contentType: "text/plain" },
  },
  {
    does: "changes the certificate of a listener",
    sabotage: modifyListener({ Certificates: [{ CertificateArn: SECOND_CERTIFICATE }] }),
    drifts: [`${L443} defaultCertificate`],
    calls: [`${ELB}:ModifyListener`, `${ELB}:RemoveListenerCertificates`],
    after: SECOND_CERTIFICATE,
  },
  {
    does: "changes the TLS policy of a listener",
    sabotage: modifyListener({ SslPolicy: "ELBSecurityPolicy-2016-08" }),
    drifts: [`${L443} sslPolicy`],
    calls: [`${ELB}:ModifyListener`],
    after: "ELBSecurityPolicy-2016-08",
  },
  {
    does: "makes an HTTPS listener an HTTP one",
    sabotage: modifyListener({ Protocol: "HTTP" }),
    drifts: [`${L443} defaultCertificate`, `${L443} protocol`, `${L443} sslPolicy`],
    calls: [`${ELB}:ModifyListener`],
  },
  {
    does: "removes a tag of a listener",
    sabotage: (i) =>
      somebody(i, `${ELB}:RemoveTags`, { ResourceArns: [arnOf(i, L443)], TagKeys: ["Environment"] }),
    drifts: [`${L443} tags.Environment`],
    calls: [`${ELB}:AddTags`],
    after: null,
  },
  {
    does: "deletes a listener",
    sabotage: (i) => somebody(i, `${ELB}:DeleteListener`, listener(i)),
    drifts: [L443, RULE],
    calls: [`${ELB}:CreateListener`, `${ELB}:CreateRule`],
  },
  {
    does: "removes a certificate that is chosen by host name",
    on: example().withCertificate(SECOND_CERTIFICATE),
    sabotage: (i) =>
      somebody(i, `${ELB}:RemoveListenerCertificates`, {
        ...listener(i),
        Certificates: [{ CertificateArn: SECOND_CERTIFICATE }],
      }),
    drifts: [`${L443} additionalCertificates`],
    calls: [`${ELB}:AddListenerCertificates`],
    after: [],
  },
  {
    does: "changes the conditions of a rule",
    sabotage: (i) =>
      somebody(i, `${ELB}:ModifyRule`, {
        ...rule(i),
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/nothing"] } }],
      }),
    drifts: [`${RULE} conditions`],
    calls: [`${ELB}:ModifyRule`],
    after: [{ field: "path-pattern", values: ["/nothing"] }],
  },
  {
    does: "changes the action of a rule",
    sabotage: (i) => somebody(i, `${ELB}:ModifyRule`, { ...rule(i), Actions: fixed("200") }),
    drifts: [`${RULE} action`],
    calls: [`${ELB}:ModifyRule`],
    after: { type: "fixed-response", statusCode: "200", contentType: "text/plain" },
  },
  {
    does: "changes the priority of a rule",
    sabotage: (i) =>
      somebody(i, `${ELB}:SetRulePriorities`, { RulePriorities: [{ ...rule(i), Priority: 77 }] }),
    drifts: [`${RULE} priority`],
    calls: [`${ELB}:SetRulePriorities`],
    after: 77,
  },
  {
    does: "swaps the priorities of two rules",
    on: twoRules,
    sabotage: (i) =>
      somebody(i, `${ELB}:SetRulePriorities`, {
        RulePriorities: [
          { ...rule(i), Priority: 20 },
          { ...rule(i, "api"), Priority: 10 },
        ],
      }),
    drifts: [`${L443}.rules.api priority`, `${RULE} priority`],
    calls: [`${ELB}:SetRulePriorities`],
  },
  {
    does: "deletes a rule",
    sabotage: (i) => somebody(i, `${ELB}:DeleteRule`, rule(i)),
    drifts: [RULE],
    calls: [`${ELB}:CreateRule`],
    after: null,
  },
  {
    does: "deletes a rule and takes its place",
    on: twoRules,
    sabotage: async (i) => {
      await somebody(i, `${ELB}:DeleteRule`, rule(i));
      await somebody(i, `${ELB}:SetRulePriorities`, {
        RulePriorities: [{ ...rule(i, "api"), Priority: 10 }],
      });
    },
    drifts: [`${L443}.rules.api priority`, RULE],
    calls: [`${ELB}:SetRulePriorities`, `${ELB}:CreateRule`],
  },
  {
    does: "changes the health check path",
    sabotage: modifyTargetGroup({ HealthCheckPath: "/" }),
    drifts: [`${TG} healthCheck.path`],
    calls: [`${ELB}:ModifyTargetGroup`],
    after: "/",
  },
  {
    does: "changes the times and counts of the health check",
    sabotage: modifyTargetGroup({
      HealthCheckIntervalSeconds: 60,
      HealthCheckTimeoutSeconds: 10,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 7,
    }),
    drifts: ["healthyThresholdCount", "intervalSeconds", "timeoutSeconds", "unhealthyThresholdCount"].map(
      (field) => `${TG} healthCheck.${field}`,
    ),
    calls: [`${ELB}:ModifyTargetGroup`],
  },
  {
    does: "changes port and protocol of the health check",
    sabotage: modifyTargetGroup({ HealthCheckPort: "9090", HealthCheckProtocol: "HTTPS" }),
    drifts: [`${TG} healthCheck.port`, `${TG} healthCheck.protocol`],
    calls: [`${ELB}:ModifyTargetGroup`],
  },
  {
    does: "changes the status codes that mean healthy",
    sabotage: modifyTargetGroup({ Matcher: { HttpCode: "200-499" } }),
    drifts: [`${TG} healthCheck.matcher.httpCode`],
    calls: [`${ELB}:ModifyTargetGroup`],
    after: "200-499",
  },
  {
    does: "changes the deregistration delay",
    sabotage: (i) =>
      somebody(i, `${ELB}:ModifyTargetGroupAttributes`, {
        ...targetGroup(i),
        Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "0" }],
      }),
    drifts: [`${TG} attributes.deregistration_delay.timeout_seconds`],
    calls: [`${ELB}:ModifyTargetGroupAttributes`],
    after: "0",
  },
  {
    does: "changes a tag of the target group",
    sabotage: retag(TG, "x"),
    drifts: [`${TG} tags.Environment`],
    calls: [`${ELB}:AddTags`],
    after: "x",
  },
  {
    does: "deletes the target group, which takes three calls",
    sabotage: async (i) => {
      await modifyListener({ DefaultActions: fixed("503") })(i);
      await detach(i);
      await somebody(i, `${ELB}:DeleteTargetGroup`, targetGroup(i));
    },
    drifts: [TG],
    calls: [
      `${ELB}:CreateTargetGroup`,
      `${ELB}:ModifyTargetGroupAttributes`,
      `${ELB}:ModifyListener`,
      "autoscaling:AttachLoadBalancerTargetGroups",
    ],
  },
  {
    does: "makes a version of its own the default of the launch template",
    sabotage: async (i) => {
      await somebody(i, "ec2:CreateLaunchTemplateVersion", {
        ...template(i),
        LaunchTemplateData: { ImageId: "ami-87654321", InstanceType: "t3.nano" },
      });
      await somebody(i, "ec2:ModifyLaunchTemplate", { ...template(i), DefaultVersion: "2" });
    },
    drifts: [
      "imageId",
      "instanceTags",
      "instanceType",
      "madeBy",
      "metadataOptions.httpTokens",
      "securityGroupIds",
      "userData",
    ].map((field) => `${LT} ${field}`),
    calls: ["ec2:ModifyLaunchTemplate"],
  },
  {
    does: "changes a tag of the launch template",
    sabotage: (i) =>
      somebody(i, "ec2:CreateTags", {
        Resources: [arnOf(i, LT)],
        Tags: [{ Key: "Environment", Value: "x" }],
      }),
    drifts: [`${LT} tags.Environment`],
    calls: ["ec2:CreateTags"],
    after: "x",
  },
  {
    does: "deletes the launch template",
    sabotage: (i) => somebody(i, "ec2:DeleteLaunchTemplate", template(i)),
    drifts: [LT],
    calls: ["ec2:CreateLaunchTemplate", "autoscaling:StartInstanceRefresh"],
  },
  {
    does: "changes the bounds of the group",
    sabotage: updateGroup({ MinSize: 1, MaxSize: 4 }),
    drifts: [`${ASG} maxSize`, `${ASG} minSize`],
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    does: "weakens the health check of the group",
    sabotage: updateGroup({ HealthCheckType: "EC2", HealthCheckGracePeriod: 0 }),
    drifts: [`${ASG} healthCheckGracePeriod`, `${ASG} healthCheckType`],
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    does: "takes a subnet from the group",
    sabotage: updateGroup({ VPCZoneIdentifier: "subnet-1a,subnet-1b" }),
    drifts: [`${ASG} subnets`],
    calls: ["autoscaling:UpdateAutoScalingGroup"],
    after: ["subnet-1a", "subnet-1b"],
  },
  {
    does: "detaches the target group",
    sabotage: detach,
    drifts: [`${ASG} targetGroups`],
    calls: ["autoscaling:AttachLoadBalancerTargetGroups"],
    after: [],
  },
  {
    does: "changes the cooldown of the group",
    sabotage: updateGroup({ DefaultCooldown: 10 }),
    drifts: [`${ASG} defaultCooldown`],
    calls: ["autoscaling:UpdateAutoScalingGroup"],
    after: 10,
  },
  {
    does: "changes the termination policies of the group",
    sabotage: updateGroup({ TerminationPolicies: ["NewestInstance"] }),
    drifts: [`${ASG} terminationPolicies`],
    calls: ["autoscaling:UpdateAutoScalingGroup"],
    after: ["NewestInstance"],
  },
  {
    does: "protects new instances from scaling in",
    sabotage: updateGroup({ NewInstancesProtectedFromScaleIn: true, CapacityRebalance: true }),
    drifts: [`${ASG} capacityRebalance`, `${ASG} newInstancesProtectedFromScaleIn`],
    calls: ["autoscaling:UpdateAutoScalingGroup"],
  },
  {
    does: "lets a tag of the group propagate",
    sabotage: (i) =>
      somebody(i, "autoscaling:CreateOrUpdateTags", {
        Tags: [
          {
            Key: "Environment",
            Value: "production",
            PropagateAtLaunch: true,
            ResourceId: nameOf(i, ASG),
            ResourceType: "auto-scaling-group",
          },
        ],
      }),
    drifts: [`${ASG} tags.Environment`],
    calls: ["autoscaling:CreateOrUpdateTags"],
    after: { value: "production", propagateAtLaunch: true },
  },
  {
    does: "removes a tag of the group",
    sabotage: (i) =>
      somebody(i, "autoscaling:DeleteTags", {
        Tags: [{ Key: "Environment", ResourceId: nameOf(i, ASG), ResourceType: "auto-scaling-group" }],
      }),
    drifts: [`${ASG} tags.Environment`],
    calls: ["autoscaling:CreateOrUpdateTags"],
    after: null,
  },
  {
    does: "deletes the group with all its instances",
    sabotage: (i) => somebody(i, "autoscaling:DeleteAutoScalingGroup", { ...group(i), ForceDelete: true }),
    drifts: [ASG, CPU],
    calls: ["autoscaling:CreateAutoScalingGroup", "autoscaling:PutScalingPolicy"],
  },
  {
    does: "changes the target of a scaling policy",
    sabotage: putPolicy(95),
    drifts: [`${CPU} targetValue`],
    calls: ["autoscaling:PutScalingPolicy"],
    after: 95,
  },
  {
    does: "disables a scaling policy",
    sabotage: putPolicy(70, { Enabled: false }),
    drifts: [`${CPU} enabled`],
    calls: ["autoscaling:PutScalingPolicy"],
    after: false,
  },
  {
    does: "deletes a scaling policy",
    sabotage: (i) => somebody(i, "autoscaling:DeletePolicy", { ...group(i), PolicyName: policyName }),
    drifts: [CPU],
    calls: ["autoscaling:PutScalingPolicy"],
    after: null,
  },
  {
    does: "raises the threshold of an alarm",
    sabotage: putAlarm({ Threshold: 10_000 }),
    drifts: [`${ALARM} threshold`],
    calls: ["cloudwatch:PutMetricAlarm"],
    after: 10_000,
  },
  {
    does: "changes the periods of an alarm",
    sabotage: putAlarm({
      Period: 300,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 4,
      TreatMissingData: "ignore",
    }),
    drifts: ["datapointsToAlarm", "evaluationPeriods", "period", "treatMissingData"].map(
      (field) => `${ALARM} ${field}`,
    ),
    calls: ["cloudwatch:PutMetricAlarm"],
  },
  {
    does: "gives an alarm an action and a description, and disables it",
    sabotage: putAlarm({
      AlarmActions: ["arn:aws:sns:us-east-1:123456789012:ops"],
      AlarmDescription: "mine",
      ActionsEnabled: false,
    }),
    drifts: [`${ALARM} actionsEnabled`, `${ALARM} alarmActions`, `${ALARM} alarmDescription`],
    calls: ["cloudwatch:PutMetricAlarm"],
  },
  {
    does: "points an alarm at another load balancer",
    sabotage: putAlarm({ Dimensions: [{ Name: "LoadBalancer", Value: "app/other/0123456789abcdef" }] }),
    drifts: [`${ALARM} dimensions`],
    calls: ["cloudwatch:PutMetricAlarm"],
    after: [{ name: "LoadBalancer", value: "app/other/0123456789abcdef" }],
  },
  {
    does: "changes a tag of an alarm",
    sabotage: (i) =>
      somebody(i, "cloudwatch:TagResource", {
        ResourceARN: arnOf(i, ALARM),
        Tags: [{ Key: "Environment", Value: "x" }],
      }),
    drifts: [`${ALARM} tags.Environment`],
    calls: ["cloudwatch:TagResource"],
    after: "x",
  },
  {
    does: "deletes an alarm",
    sabotage: (i) => somebody(i, "cloudwatch:DeleteAlarms", { AlarmNames: [alarmName] }),
    drifts: [ALARM],
    calls: ["cloudwatch:PutMetricAlarm"],
    after: null,
  },
];

describe("drift: somebody else", () => {
  it.each(CASES)("$does: it is found, recorded, put right, and nothing else is touched", async (one) => {
    const installation = await converged((one.on ?? example()).spec());
    const before = await census(installation);
    const calls = installation.mutations().length;
    await one.sabotage(installation);
    await untilRepaired(installation);
    const events = driftEvents(installation);
    expect(events.map((event) => `${event.resource} ${event.field}`.trim()).sort()).toEqual(
      [...one.drifts].sort(),
    );
    for (const event of events) {
      expect(event).toMatchObject({
        state: "Corrected",
        change: event.field === "" ? "Missing" : "Modified",
      });
      if (event.field !== "") expect(event.before).toEqual(event.desired);
      expect(event.after).not.toEqual(event.desired);
      expect(event.timeToRepairSeconds).toBeGreaterThan(0);
      expect(event.timeToRepairSeconds).toBeLessThan(900);
      expect(one.calls).toContain(event.correction?.operation.split(", ")[0]);
    }
    if (one.after !== undefined) expect(events.map((event) => event.after)).toEqual([one.after]);
    expect(installation.mutations().slice(calls)).toEqual(one.calls);
    expect(installation.condition("Synced")?.status).toBe("True");
    expect(installation.condition("Drifted")?.status).toBe("False");
    await installation.clock.advance(600_000);
    expect(installation.mutations().slice(calls)).toEqual(one.calls);
    expect(withoutForeignVersion(await census(installation))).toEqual(withoutForeignVersion(before));
  });
});

describe("drift is in the ledger", () => {
  const of = (installation: Installation) =>
    driftEvents(installation).map(({ resource, field, state }) => `${resource} ${field} ${state}`);

  it("of an alarm that is changed by hand in the moment in which the user changes something else of it", async () => {
    const installation = await converged();
    await putAlarm({ Threshold: 999 })(installation);
    installation.post(example().withAlarm("high-5xx", { evaluationPeriods: 5 }).spec());
    await installation.untilReady();
    expect(of(installation)).toEqual(["alarms.high-5xx threshold Corrected"]);
  });

  it("of a default action that shares the traffic out, although its target groups are unused without it", async () => {
    const targetGroups = [
      { targetGroup: "web", weight: 3 },
      { targetGroup: "api", weight: 1 },
    ];
    const shared = example()
      .withTargetGroup("api", { port: 9090, healthCheck: { path: "/health" } })
      .withGroup("web", { targetGroups: ["web", "api"] })
      .withRule("web", { action: forwardTo("web") })
      .withListener(443, { defaultAction: { forward: { targetGroups } } });
    const installation = await converged(shared.spec());
    await modifyListener({ DefaultActions: fixed("503") })(installation);
    await untilRepaired(installation);
    expect(of(installation)).toEqual(["loadBalancer.listeners.443 defaultAction Corrected"]);
  });
});

/** A version that somebody has added stays where it is; it is no longer the default. */
function withoutForeignVersion(account: Record<string, unknown>): Record<string, unknown> {
  for (const resource of Object.values(account) as Partial<Template>[]) {
    if (resource.template === undefined) continue;
    resource.versions = resource.versions?.filter((version) => version.VersionNumber === 1) ?? [];
    delete resource.template.LatestVersionNumber;
  }
  return account;
}

interface Template {
  template: { LatestVersionNumber?: number };
  versions: { VersionNumber: number }[];
}
