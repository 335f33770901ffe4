/**
 * The scorecard: what a highly available tier is made of, each point decided by what AWS says and never by what the
 * spec asks for. Ids of AWS Security Hub stand where it has the same control.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/autoscaling-controls.html
 * https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html
 */
import type { AlarmFact, TierFacts } from "../model/health.ts";
import { ERROR_ALARM, healthAlarm, RECOMMENDED_POLICIES } from "../model/recommendations.ts";
import type { ScorecardCheck } from "../model/status.ts";
import { attribute, type Check, everyOne, type Finding, fail, pass, patchAt, unknown } from "./finding.ts";
import { heedsLoadBalancer, withLoadBalancer } from "./replacement.ts";
import { sizeOf, sizeText } from "./units.ts";

const DELAY = "deregistration_delay.timeout_seconds";

/** Every check, always in this order. What is to go is not judged. */
export function scorecardOf(tier: TierFacts): ScorecardCheck[] {
  const wanted = <T extends { isLeaving?: true }>(items: T[] | undefined) =>
    items?.filter(({ isLeaving }) => isLeaving !== true);
  const targetGroups = wanted(tier.targetGroups);
  const groups = wanted(tier.groups);
  const judged = { ...tier, ...(targetGroups && { targetGroups }), ...(groups && { groups }) };
  return CHECKS.map(({ id, title, of }) => {
    const { patch, ...finding } = of(judged);
    return {
      id,
      title,
      ...finding,
      ...(patch === undefined ? {} : { patch: JSON.stringify({ spec: patch }) }),
    };
  });
}

const HEALTH_CHECKS: readonly Check[] = [
  {
    id: "health-check-path",
    title: "Health checks ask a path of their own, such as /health",
    of: (tier) =>
      everyOne(tier.targetGroups, "target groups", ({ key, healthCheck: { path } }) => {
        if (path === undefined) return unknown("no path was read");
        return path === "/"
          ? fail(
              'path is "/"',
              `Set spec.${key}.healthCheck.path to an endpoint made for it, such as /health.`,
              patchAt(key, { healthCheck: { path: "/health" } }),
            )
          : pass(`path is ${path}`);
      }),
  },
  {
    id: "health-check-interval",
    title: "Health checks come every 10 to 30 s",
    of: (tier) =>
      everyOne(tier.targetGroups, "target groups", ({ key, healthCheck }) =>
        within(healthCheck.intervalSeconds, [10, 30], "interval", " s", key, [
          "healthCheck",
          "intervalSeconds",
        ]),
      ),
  },
  {
    id: "unhealthy-threshold",
    title: "2 or 3 failed checks make a target unhealthy",
    of: (tier) =>
      everyOne(tier.targetGroups, "target groups", ({ key, healthCheck }) =>
        within(healthCheck.unhealthyThresholdCount, [2, 3], "threshold", "", key, [
          "healthCheck",
          "unhealthyThresholdCount",
        ]),
      ),
  },
  {
    id: "healthy-threshold",
    title: "2 passed checks make a target healthy",
    of: (tier) =>
      everyOne(tier.targetGroups, "target groups", ({ key, healthCheck }) =>
        within(healthCheck.healthyThresholdCount, [2, 2], "threshold", "", key, [
          "healthCheck",
          "healthyThresholdCount",
        ]),
      ),
  },
  {
    id: "AutoScaling.1",
    title: "Auto Scaling groups behind a load balancer use its health checks",
    of: (tier) =>
      everyOne(tier.groups, "Auto Scaling groups", (group) => {
        if (group.targetGroups.length === 0) return pass("no load balancer in front");
        return heedsLoadBalancer(group)
          ? pass(`health check type is ${group.healthCheckType}`)
          : fail(
              `health check type is ${group.healthCheckType}, so an instance whose application fails is never replaced`,
              `Set spec.${group.key}.healthCheckType to ${withLoadBalancer(group)}.`,
              patchAt(group.key, { healthCheckType: withLoadBalancer(group) }),
            );
      }),
  },
  {
    id: "grace-period",
    title: "New instances have 300 s or more before they are judged",
    of: (tier) =>
      everyOne(tier.groups, "Auto Scaling groups", (group) =>
        group.healthCheckGracePeriodSeconds >= 300
          ? pass(`grace period is ${group.healthCheckGracePeriodSeconds} s`)
          : fail(
              `grace period is ${group.healthCheckGracePeriodSeconds} s`,
              `Raise spec.${group.key}.healthCheckGracePeriod to 300 or more.`,
              patchAt(group.key, { healthCheckGracePeriod: 300 }),
            ),
      ),
  },
  {
    id: "deregistration-delay",
    title: "Draining takes about 30 s, not AWS's default of 300 s",
    of: (tier) =>
      everyOne(tier.targetGroups, "target groups", ({ key, deregistrationDelaySeconds }) =>
        deregistrationDelaySeconds === undefined
          ? unknown("its attributes were not read")
          : within(deregistrationDelaySeconds, [0, 60], "delay", " s", key, ["attributes", DELAY], 30),
      ),
  },
];

const AVAILABILITY: readonly Check[] = [
  {
    id: "minimum-instances",
    title: "At least 2 instances at all times",
    of: (tier) =>
      everyOne(tier.groups, "Auto Scaling groups", (group) => {
        const least = sizeOf(2, group);
        const seen = `minimum is ${sizeText(group.minSize, group)}`;
        return group.minSize >= least
          ? pass(seen)
          : fail(
              seen,
              `Raise spec.${group.key}.minSize to ${least} or more.`,
              patchAt(group.key, { minSize: least, ...(group.maxSize < least ? { maxSize: least } : {}) }),
            );
      }),
  },
  {
    id: "AutoScaling.2",
    title: "Auto Scaling groups cover several Availability Zones",
    of: (tier) => zones(tier, 2),
  },
  {
    id: "three-zones",
    title: "Auto Scaling groups cover 3 Availability Zones",
    of: (tier) => zones(tier, 3),
  },
  {
    id: "ELB.13",
    title: "The load balancer spans several Availability Zones",
    of: ({ loadBalancer }) => {
      if (loadBalancer === undefined) return unknown("The load balancer could not be read.");
      if (loadBalancer.state === "absent") return unknown("There is no load balancer yet.");
      const seen = `It has subnets in ${listed(loadBalancer.availabilityZones)}.`;
      return loadBalancer.availabilityZones.length >= 2
        ? pass(seen)
        : fail(seen, "Name subnets of two or more Availability Zones in spec.subnetIds.");
    },
  },
  {
    id: "target-tracking",
    title: "A target tracking policy sets the capacity",
    of: (tier) =>
      everyOne(tier.groups, "Auto Scaling groups", (group) => {
        const remedy = `Add spec.${group.key}.scalingPolicies.cpu with targetTracking (ASGAverageCPUUtilization, 70).`;
        if (group.scalingPolicies === undefined) return unknown("its policies were not read");
        const patch = patchAt(group.key, { scalingPolicies: RECOMMENDED_POLICIES });
        if (group.scalingPolicies === 0) return fail("it has no scaling policy", remedy, patch);
        if (group.targetTrackingPolicies === undefined)
          return unknown("the kind of its policies was not read");
        return group.targetTrackingPolicies > 0
          ? pass(counted(group.targetTrackingPolicies, "target tracking policy", "target tracking policies"))
          : fail("none of its policies tracks a target", remedy, patch);
      }),
  },
  {
    id: "scaling-headroom",
    title: "Groups have room to grow",
    of: (tier) =>
      everyOne(tier.groups, "Auto Scaling groups", (group) => {
        const seen = `desired capacity is ${group.desiredCapacity}, maximum ${group.maxSize}`;
        return group.desiredCapacity < group.maxSize
          ? pass(seen)
          : fail(seen, `Raise spec.${group.key}.maxSize above ${group.desiredCapacity}.`);
      }),
  },
  {
    id: "alarm-5xx",
    title: "An alarm watches for server errors (5XX)",
    of: (tier) =>
      alarmOn(
        tier,
        ["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"],
        "Add an alarm on HTTPCode_Target_5XX_Count to spec.alarms.",
        { alarms: ERROR_ALARM },
      ),
  },
  {
    id: "alarm-unhealthy-hosts",
    title: "An alarm watches for unhealthy targets",
    of: (tier) =>
      alarmOn(
        tier,
        ["UnHealthyHostCount", "HealthyHostCount"],
        "Add an alarm on UnHealthyHostCount to spec.alarms.",
        tier.targetGroups?.[0] && { alarms: healthAlarm(tier.targetGroups[0].key) },
      ),
  },
  {
    id: "alarms-have-actions",
    title: "Every alarm tells somebody",
    of: (tier) =>
      everyOne(tier.alarms, "alarms", (alarm) =>
        alarm.hasActions
          ? pass("has an action")
          : fail("has no action", `Name a topic in spec.${alarm.key}.alarmActions.`),
      ),
  },
  {
    id: "connection-draining",
    title: "Connection draining is on",
    of: (tier) =>
      everyOne(tier.targetGroups, "target groups", ({ key, deregistrationDelaySeconds }) => {
        if (deregistrationDelaySeconds === undefined) return unknown("its attributes were not read");
        return deregistrationDelaySeconds > 0
          ? pass(`requests in flight have ${deregistrationDelaySeconds} s to finish`)
          : fail(
              "requests in flight are cut off",
              `Set spec.${key}.attributes["${DELAY}"] to 30.`,
              patchAt(key, { attributes: { [DELAY]: 30 } }),
            );
      }),
  },
  {
    id: "graceful-shutdown",
    title: "Instances leave the load balancer before they stop",
    of: gracefulShutdown,
  },
];

const SECURITY: readonly Check[] = [
  {
    id: "AutoScaling.3",
    title: "Instances require version 2 of the metadata service (IMDSv2)",
    of: (tier) =>
      everyOne(tier.groups, "Auto Scaling groups", (group) => {
        if (group.httpTokensRequired === undefined) return unknown("its launch template was not read");
        return group.httpTokensRequired
          ? pass("tokens are required")
          : fail(
              "tokens are optional",
              `Set spec.${group.key}.launchTemplate.metadataOptions.httpTokens to required.`,
              patchAt(group.key, { launchTemplate: { metadataOptions: { httpTokens: "required" } } }),
            );
      }),
  },
  {
    id: "AutoScaling.9",
    title: "Auto Scaling groups use launch templates",
    of: (tier) =>
      everyOne(tier.groups, "Auto Scaling groups", (group) => {
        if (group.usesLaunchTemplate === undefined) return unknown("what it launches from was not read");
        return group.usesLaunchTemplate
          ? pass("uses a launch template")
          : fail("uses a launch configuration", `Declare spec.${group.key}.launchTemplate.`);
      }),
  },
  {
    id: "ELB.1",
    title: "HTTP is redirected to HTTPS",
    of: (tier) =>
      everyOne(tier.listeners, "listeners", (listener) => {
        if (listener.protocol !== "HTTP") return pass(`speaks ${listener.protocol}`);
        const remedy = `Make the default action of listener ${listener.port} (spec.loadBalancer.listeners) a redirect to HTTPS.`;
        if (listener.defaultAction !== "redirect")
          return fail(`HTTP, and does ${listener.defaultAction}`, remedy);
        if (listener.redirectProtocol === undefined) return unknown("redirects; where to was not read");
        return listener.redirectProtocol === "HTTPS"
          ? pass("redirects to HTTPS")
          : fail(`redirects to ${listener.redirectProtocol}`, remedy);
      }),
  },
  {
    id: "ELB.4",
    title: "Invalid header fields are dropped",
    of: (tier) => attribute(tier, "routing.http.drop_invalid_header_fields.enabled", ["true"]),
  },
  {
    id: "ELB.5",
    title: "Access logs are kept",
    of: (tier) =>
      attribute(
        tier,
        "access_logs.s3.enabled",
        ["true"],
        'Set spec.loadBalancer.attributes["access_logs.s3.enabled"] to "true" and "access_logs.s3.bucket" to a bucket that the load balancer may write to.',
      ),
  },
  {
    id: "ELB.6",
    title: "Deletion protection is on",
    of: (tier) => attribute(tier, "deletion_protection.enabled", ["true"]),
  },
  {
    id: "ELB.12",
    title: "Desync mitigation is defensive or strictest",
    of: (tier) => attribute(tier, "routing.http.desync_mitigation_mode", ["defensive", "strictest"]),
  },
];

const CHECKS: readonly Check[] = [...HEALTH_CHECKS, ...AVAILABILITY, ...SECURITY];

function within(
  value: number,
  [least, most]: readonly [number, number],
  name: string,
  unit: string,
  key: string,
  [map, field]: readonly [string, string],
  advised = value < least ? least : most,
): Finding {
  const seen = `${name} is ${value}${unit}`;
  const at = field.includes(".") ? `["${field}"]` : `.${field}`;
  return value >= least && value <= most
    ? pass(seen)
    : fail(seen, `Set spec.${key}.${map}${at} to ${advised}.`, patchAt(key, { [map]: { [field]: advised } }));
}

function zones(tier: TierFacts, needed: number): Finding {
  return everyOne(tier.groups, "Auto Scaling groups", (group) =>
    group.availabilityZones.length >= needed
      ? pass(listed(group.availabilityZones))
      : fail(
          `only ${listed(group.availabilityZones)}`,
          `Name subnets of ${needed} Availability Zones in spec.subnetIds.`,
        ),
  );
}

/**
 * AWS's half of a graceful shutdown, the one that can be seen: whether the group takes its instances out of the load
 * balancer, with time to finish, before it stops them. What the application does on SIGTERM cannot be read from AWS.
 */
function gracefulShutdown(tier: TierFacts): Finding {
  const targetGroups = tier.targetGroups;
  if (targetGroups === undefined) return unknown("The target groups could not be read.");
  return everyOne(tier.groups, "Auto Scaling groups", (group) => {
    if (group.targetGroups.length === 0) {
      return fail(
        "it is attached to no target group",
        `Name its target groups in spec.${group.key}.targetGroups.`,
      );
    }
    const delays = targetGroups
      .filter((each) => group.targetGroups.includes(each.key))
      .flatMap((each) => each.deregistrationDelaySeconds ?? []);
    if (delays.length < group.targetGroups.length) return unknown("one of its target groups was not seen");
    const least = Math.min(...delays);
    return least > 0
      ? pass(`stops instances ${least} s or more after their last new request`)
      : fail(
          "stops instances at once",
          'Set "deregistration_delay.timeout_seconds" of its target groups to 30 (spec.targetGroups).',
        );
  });
}

function alarmOn(
  tier: TierFacts,
  metrics: readonly string[],
  remedy: string,
  patch: Finding["patch"],
): Finding {
  if (tier.alarms === undefined) return unknown("The alarms could not be read.");
  const watching = tier.alarms.filter(
    (alarm: AlarmFact) => alarm.namespace === "AWS/ApplicationELB" && metrics.includes(alarm.metricName),
  );
  const [alarm] = watching;
  return alarm === undefined
    ? fail(`No alarm watches ${metrics.join(" or ")}.`, remedy, patch)
    : pass(`${alarm.key} watches ${alarm.metricName}.`);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "no Availability Zone" : names.join(", ");
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
