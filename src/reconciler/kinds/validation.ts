/**
 * What a schema cannot say: rules between fields. Each is AWS's own, so that what AWS would refuse half-way
 * is refused before the first call.
 */
import type { Fault, FaultReason } from "../../model/errors.ts";
import { LIMITS } from "../../model/limits.ts";
import { type ActionSpec, targetGroupsOf } from "./action/schema.ts";
import type { AlarmSpec } from "./alarm/schema.ts";
import type { AutoScalingGroupSpec } from "./auto-scaling-group/schema.ts";
import type { ListenerSpec } from "./listener/schema.ts";
import type { ConditionSpec } from "./listener-rule/condition-schema.ts";
import { isReference } from "./reference.ts";
import type { ScalingPolicySpec } from "./scaling-policy/schema.ts";
import type { TargetGroupSpec } from "./target-group/schema.ts";
import type { WebServiceSpec } from "./web-service.ts";

type Report = (path: string, message: string, reason?: FaultReason) => void;

/** Every fault of meaning. `previous`: the stored spec, for what may not change. */
export function faultsOfMeaning(spec: WebServiceSpec, previous?: WebServiceSpec): Fault[] {
  const faults: Fault[] = [];
  const report: Report = (path, message, reason = "FieldValueInvalid") =>
    faults.push({ path: `spec.${path}`, message, reason });
  if (previous !== undefined && previous.region !== spec.region) {
    report(
      "region",
      `cannot change (stored: ${previous.region}); make a second service for the other Region`,
    );
  }
  checkLoadBalancer(spec, report);
  for (const [name, targetGroup] of Object.entries(spec.targetGroups)) {
    checkTargetGroup(`targetGroups.${name}`, targetGroup, report);
  }
  for (const [name, group] of Object.entries(spec.autoScalingGroups)) {
    checkGroup(`autoScalingGroups.${name}`, group, spec, report);
  }
  for (const [name, alarm] of Object.entries(spec.alarms)) checkAlarm(`alarms.${name}`, alarm, spec, report);
  return faults;
}

function checkLoadBalancer(spec: WebServiceSpec, report: Report): void {
  const { loadBalancer } = spec;
  if (loadBalancer.subnetIds !== undefined && loadBalancer.subnetMappings !== undefined) {
    report("loadBalancer.subnetMappings", "cannot stand beside subnetIds; keep one of the two");
  }
  duplicates(loadBalancer.subnetMappings?.map((mapping) => mapping.subnetId) ?? []).forEach((id) => {
    report("loadBalancer.subnetMappings", `names ${id} twice`, "FieldValueDuplicate");
  });
  const { attributes = {} } = loadBalancer;
  for (const logs of ["access_logs", "connection_logs"]) {
    if (attributes[`${logs}.s3.enabled`] === true && !attributes[`${logs}.s3.bucket`]) {
      report(
        `loadBalancer.attributes["${logs}.s3.bucket"]`,
        `is required while ${logs}.s3.enabled is true`,
        "FieldValueRequired",
      );
    }
  }
  duplicates(loadBalancer.listeners.map((listener) => listener.port)).forEach((port) => {
    report(
      "loadBalancer.listeners",
      `two listeners have port ${port}; a port identifies its listener`,
      "FieldValueDuplicate",
    );
  });
  const rules = loadBalancer.listeners.reduce((sum, listener) => sum + (listener.rules?.length ?? 0), 0);
  if (rules > LIMITS.rulesPerService) {
    const message = `hold ${rules} rules; a load balancer takes ${LIMITS.rulesPerService}`;
    report("loadBalancer.listeners", message);
  }
  loadBalancer.listeners.forEach((listener, index) => {
    checkListener(`loadBalancer.listeners[${index}]`, listener, spec, report);
  });
}

function checkListener(path: string, listener: ListenerSpec, spec: WebServiceSpec, report: Report): void {
  const { protocol, certificates, sslPolicy, rules = [] } = listener;
  if (protocol === "HTTPS" && certificates === undefined) {
    report(
      `${path}.certificates`,
      "is required for HTTPS: the ARN of at least one certificate",
      "FieldValueRequired",
    );
  }
  if (protocol === "HTTP" && certificates !== undefined)
    report(`${path}.certificates`, "has no place on an HTTP listener");
  if (protocol === "HTTP" && sslPolicy !== undefined)
    report(`${path}.sslPolicy`, "has no place on an HTTP listener");
  checkAction(`${path}.defaultAction`, listener.defaultAction, listener, spec, report);
  duplicates(rules.map((rule) => rule.priority)).forEach((priority) => {
    report(`${path}.rules`, `two rules have priority ${priority}`, "FieldValueDuplicate");
  });
  duplicates(rules.map((rule) => rule.name)).forEach((name) => {
    report(`${path}.rules`, `two rules are called ${name}`, "FieldValueDuplicate");
  });
  rules.forEach((rule, index) => {
    const at = `${path}.rules[${index}]`;
    rule.conditions.forEach((condition, position) => {
      checkCondition(`${at}.conditions[${position}]`, condition, report);
    });
    const values = rule.conditions.reduce((sum, condition) => sum + valuesIn(condition), 0);
    if (values > 5)
      report(`${at}.conditions`, `hold ${values} values; a rule takes 5 over all its conditions`);
    for (const single of ["hostHeader", "pathPattern", "httpRequestMethod", "sourceIp"] as const) {
      if (rule.conditions.filter((condition) => condition[single] !== undefined).length > 1) {
        report(
          `${at}.conditions`,
          `hold two ${single} conditions; put the values into one`,
          "FieldValueDuplicate",
        );
      }
    }
    checkAction(`${at}.action`, rule.action, listener, spec, report);
  });
}

function checkCondition(path: string, condition: ConditionSpec, report: Report): void {
  const types = Object.keys(condition);
  if (types.length !== 1) {
    report(
      path,
      `must be exactly one of hostHeader, pathPattern, httpHeader, httpRequestMethod, queryString, sourceIp; was ${types.join(" and ") || "none"}`,
    );
  }
  for (const method of condition.httpRequestMethod ?? []) {
    if (!/^[A-Z_-]+$/.test(method))
      report(`${path}.httpRequestMethod`, `takes capitals, - and _; was ${method}`);
  }
  for (const cidr of condition.sourceIp ?? []) {
    if (!/^([0-9]{1,3}(\.[0-9]{1,3}){3}\/([0-9]|[12][0-9]|3[0-2])|[0-9a-fA-F:]+\/[0-9]{1,3})$/.test(cidr)) {
      report(`${path}.sourceIp`, `takes addresses in CIDR form such as 10.0.0.0/8; was ${cidr}`);
    }
  }
}

function checkAction(
  path: string,
  action: ActionSpec,
  listener: ListenerSpec,
  spec: WebServiceSpec,
  report: Report,
): void {
  const types = Object.keys(action);
  if (types.length !== 1) {
    report(
      path,
      `must be exactly one of forward, redirect, fixedResponse; was ${types.join(" and ") || "none"}`,
    );
    return;
  }
  const { forward, redirect } = action;
  if (forward !== undefined) {
    const both = forward.targetGroup !== undefined && forward.targetGroups !== undefined;
    if (both) report(`${path}.forward`, "names targetGroup and targetGroups; keep one of the two");
    const names = targetGroupsOf(action);
    if (names.length === 0)
      report(
        `${path}.forward.targetGroup`,
        "is required: the name of a target group of this spec",
        "FieldValueRequired",
      );
    duplicates(names).forEach((name) => {
      report(`${path}.forward.targetGroups`, `names ${name} twice`, "FieldValueDuplicate");
    });
    for (const name of names) {
      if (spec.targetGroups[name] === undefined) {
        const at =
          forward.targetGroup === undefined ? `${path}.forward.targetGroups` : `${path}.forward.targetGroup`;
        report(at, missing("target group", name, Object.keys(spec.targetGroups)), "FieldValueNotFound");
      }
    }
  }
  if (redirect !== undefined) {
    const samePlace =
      redirect.host === "#{host}" &&
      redirect.path === "/#{path}" &&
      redirect.query === "#{query}" &&
      (redirect.protocol === "#{protocol}" || redirect.protocol === listener.protocol) &&
      (redirect.port === "#{port}" || redirect.port === String(listener.port));
    if (samePlace)
      report(`${path}.redirect`, "leads back to where it came from; change protocol, host, port or path");
  }
}

function checkTargetGroup(path: string, targetGroup: TargetGroupSpec, report: Report): void {
  const { healthCheck, protocolVersion, attributes } = targetGroup;
  if (healthCheck.timeoutSeconds >= healthCheck.intervalSeconds) {
    report(
      `${path}.healthCheck.timeoutSeconds`,
      `must be less than intervalSeconds (${healthCheck.intervalSeconds}); was ${healthCheck.timeoutSeconds}`,
    );
  }
  const port = Number(healthCheck.port);
  if (healthCheck.port !== "traffic-port" && port > 65_535)
    report(`${path}.healthCheck.port`, `must be 1 to 65535; was ${healthCheck.port}`);
  const { httpCode, grpcCode } = healthCheck.matcher;
  if (protocolVersion === "GRPC" && httpCode !== undefined)
    report(`${path}.healthCheck.matcher.httpCode`, "has no place with GRPC; use grpcCode");
  if (protocolVersion !== "GRPC" && grpcCode !== undefined)
    report(`${path}.healthCheck.matcher.grpcCode`, "needs protocolVersion GRPC");
  for (const code of (httpCode ?? "").match(/\d+/g) ?? []) {
    if (Number(code) < 200 || Number(code) > 499)
      report(`${path}.healthCheck.matcher.httpCode`, `takes codes from 200 to 499; was ${code}`);
  }
  const slowStart = attributes["slow_start.duration_seconds"];
  if (typeof slowStart === "number" && slowStart !== 0 && slowStart < 30) {
    report(
      `${path}.attributes["slow_start.duration_seconds"]`,
      `must be 0 or from 30 to 900; was ${slowStart}`,
    );
  }
  if (attributes["stickiness.type"] === "app_cookie" && !attributes["stickiness.app_cookie.cookie_name"]) {
    report(
      `${path}.attributes["stickiness.app_cookie.cookie_name"]`,
      "is required with stickiness.type app_cookie",
      "FieldValueRequired",
    );
  }
}

function checkGroup(path: string, group: AutoScalingGroupSpec, spec: WebServiceSpec, report: Report): void {
  const {
    minSize,
    maxSize,
    desiredCapacity,
    targetGroups = [],
    scalingPolicies = {},
    launchTemplate,
  } = group;
  if (minSize > maxSize) report(`${path}.minSize`, `must not be above maxSize (${maxSize}); was ${minSize}`);
  if (desiredCapacity !== undefined && (desiredCapacity < minSize || desiredCapacity > maxSize)) {
    report(
      `${path}.desiredCapacity`,
      `must be from minSize (${minSize}) to maxSize (${maxSize}); was ${desiredCapacity}`,
    );
  }
  for (const name of targetGroups) {
    if (spec.targetGroups[name] === undefined) {
      report(
        `${path}.targetGroups`,
        missing("target group", name, Object.keys(spec.targetGroups)),
        "FieldValueNotFound",
      );
    }
  }
  const { maxHealthyPercentage, minHealthyPercentage } = group.instanceRefresh;
  if (maxHealthyPercentage !== undefined && maxHealthyPercentage - minHealthyPercentage > 100) {
    report(
      `${path}.instanceRefresh.maxHealthyPercentage`,
      `must not be more than 100 above minHealthyPercentage (${minHealthyPercentage}); was ${maxHealthyPercentage}`,
    );
  }
  const { iamInstanceProfile } = launchTemplate;
  if (iamInstanceProfile !== undefined && Object.keys(iamInstanceProfile).length !== 1) {
    report(`${path}.launchTemplate.iamInstanceProfile`, "takes exactly one of name and arn");
  }
  const devices = launchTemplate.blockDeviceMappings?.map((mapping) => mapping.deviceName) ?? [];
  duplicates(devices).forEach((device) => {
    report(`${path}.launchTemplate.blockDeviceMappings`, `names ${device} twice`, "FieldValueDuplicate");
  });
  for (const [name, policy] of Object.entries(scalingPolicies)) {
    checkPolicy(`${path}.scalingPolicies.${name}`, policy, spec, report);
  }
}

function checkPolicy(path: string, policy: ScalingPolicySpec, spec: WebServiceSpec, report: Report): void {
  const { targetTracking: tracking, stepScaling: step } = policy;
  if ((tracking === undefined) === (step === undefined)) {
    report(
      path,
      `must be exactly one of targetTracking and stepScaling; was ${tracking === undefined ? "none" : "both"}`,
    );
  }
  if (tracking !== undefined) {
    if ((tracking.predefinedMetricType === undefined) === (tracking.customizedMetric === undefined)) {
      report(`${path}.targetTracking`, "takes exactly one of predefinedMetricType and customizedMetric");
    }
    const needsLabel = tracking.predefinedMetricType === "ALBRequestCountPerTarget";
    const label = tracking.resourceLabel?.ref;
    if (needsLabel && label === undefined) {
      report(
        `${path}.targetTracking.resourceLabel`,
        "is required with ALBRequestCountPerTarget: { ref: targetGroups.<name> }",
        "FieldValueRequired",
      );
    }
    if (!needsLabel && label !== undefined)
      report(`${path}.targetTracking.resourceLabel`, "goes with ALBRequestCountPerTarget only");
    if (label !== undefined) {
      if (label.startsWith("targetGroups."))
        checkReference(`${path}.targetTracking.resourceLabel.ref`, label, spec, report);
      else report(`${path}.targetTracking.resourceLabel.ref`, `must name a target group; was ${label}`);
    }
  }
  if (step !== undefined) checkSteps(`${path}.stepScaling`, step, report);
}

/** docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html: ranges may not overlap or leave a gap. */
function checkSteps(path: string, step: NonNullable<ScalingPolicySpec["stepScaling"]>, report: Report): void {
  const ranges = step.stepAdjustments
    .map(({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper }) => ({
      lower: lower ?? Number.NEGATIVE_INFINITY,
      upper: upper ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.lower - b.lower);
  ranges.forEach((range, index) => {
    if (range.lower >= range.upper)
      report(`${path}.stepAdjustments`, `hold a range from ${range.lower} to ${range.upper}, which is empty`);
    const next = ranges[index + 1];
    if (next !== undefined && next.lower !== range.upper) {
      report(`${path}.stepAdjustments`, `leave a gap or overlap between ${range.upper} and ${next.lower}`);
    }
  });
  if (step.minAdjustmentMagnitude !== undefined && step.adjustmentType !== "PercentChangeInCapacity") {
    report(`${path}.minAdjustmentMagnitude`, "goes with adjustmentType PercentChangeInCapacity only");
  }
}

/** docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkAlarm(path: string, alarm: AlarmSpec, spec: WebServiceSpec, report: Report): void {
  const { period, evaluationPeriods, datapointsToAlarm } = alarm;
  if ((alarm.statistic === undefined) === (alarm.extendedStatistic === undefined)) {
    report(`${path}.statistic`, "takes exactly one of statistic and extendedStatistic", "FieldValueRequired");
  }
  if (![10, 20, 30].includes(period) && period % 60 !== 0)
    report(`${path}.period`, `must be 10, 20, 30 or a multiple of 60; was ${period}`);
  const longest = period < 3600 ? 86_400 : 604_800;
  if (period * evaluationPeriods > longest) {
    report(
      `${path}.evaluationPeriods`,
      `times period must not be above ${longest} seconds; was ${period * evaluationPeriods}`,
    );
  }
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods) {
    report(
      `${path}.datapointsToAlarm`,
      `must not be above evaluationPeriods (${evaluationPeriods}); was ${datapointsToAlarm}`,
    );
  }
  for (const [name, value] of Object.entries(alarm.dimensions ?? {})) {
    if (!isReference(value)) continue;
    if (value.ref.includes(".scalingPolicies."))
      report(`${path}.dimensions.${name}.ref`, "a scaling policy is not a dimension");
    else checkReference(`${path}.dimensions.${name}.ref`, value.ref, spec, report);
  }
  for (const field of ["alarmActions", "okActions", "insufficientDataActions"] as const) {
    alarm[field]?.forEach((action, index) => {
      if (!isReference(action)) return;
      const at = `${path}.${field}[${index}].ref`;
      if (!action.ref.includes(".scalingPolicies."))
        report(at, `only a scaling policy can be an action; was ${action.ref}`);
      else checkReference(at, action.ref, spec, report);
    });
  }
}

function checkReference(path: string, ref: string, spec: WebServiceSpec, report: Report): void {
  const [collection, name = "", , policy = ""] = ref.split(".");
  if (collection === "targetGroups" && spec.targetGroups[name] === undefined) {
    report(path, missing("target group", name, Object.keys(spec.targetGroups)), "FieldValueNotFound");
  }
  if (collection !== "autoScalingGroups") return;
  const group = spec.autoScalingGroups[name];
  if (group === undefined) {
    report(
      path,
      missing("Auto Scaling group", name, Object.keys(spec.autoScalingGroups)),
      "FieldValueNotFound",
    );
    return;
  }
  if (policy === "") return;
  const found = group.scalingPolicies?.[policy];
  if (found === undefined) {
    report(
      path,
      missing(`scaling policy of ${name}`, policy, Object.keys(group.scalingPolicies ?? {})),
      "FieldValueNotFound",
    );
  } else if (found.targetTracking !== undefined) {
    report(
      path,
      `names ${policy}, a target tracking policy: AWS gives it alarms of its own; an alarm can set off a step policy`,
    );
  }
}

function missing(what: string, name: string, known: readonly string[]): string {
  return `there is no ${what} called ${JSON.stringify(name)} in this spec; there is ${known.join(", ") || "none"}`;
}

function duplicates<T>(items: readonly T[]): T[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}

/** How many of the five values that AWS allows a rule one condition takes. */
function valuesIn(condition: ConditionSpec): number {
  const lists = [
    condition.hostHeader,
    condition.pathPattern,
    condition.httpRequestMethod,
    condition.sourceIp,
    condition.httpHeader?.values,
    condition.queryString,
  ];
  return lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
}
