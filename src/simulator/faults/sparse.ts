/**
 * Answers with no more in them than AWS promises. The API references document nearly every member of an answer as
 * optional ("Required: No"), and a client must take its absence for the documented default.
 */
import type { NormalizedSchema } from "@smithy/core/schema";
import { WIRE_SERVICES } from "../wire/schemas.ts";
import type { Interceptor } from "./interceptors.ts";

/**
 * What the absence of an optional member means, by `<type>.<member>`, where it is not false, empty or nothing: the
 * defaults on the pages of CreateTargetGroup, CreateListener, Action, CreateAutoScalingGroup, PutScalingPolicy
 * with CustomizedMetricSpecification, MetricDataQuery and PredictiveScalingConfiguration, PutMetricAlarm,
 * RequestLaunchTemplateData and StartInstanceRefresh.
 */
export const DOCUMENTED_DEFAULTS: Readonly<Record<string, unknown>> = {
  "LoadBalancer.Type": "application",
  "LoadBalancer.Scheme": "internet-facing",
  "LoadBalancer.IpAddressType": "ipv4",
  "TargetGroup.ProtocolVersion": "HTTP1",
  "TargetGroup.TargetType": "instance",
  "TargetGroup.IpAddressType": "ipv4",
  "TargetGroup.HealthCheckEnabled": true,
  "TargetGroup.HealthCheckProtocol": "HTTP",
  "TargetGroup.HealthCheckPort": "traffic-port",
  "TargetGroup.HealthCheckPath": "/",
  "TargetGroup.HealthCheckIntervalSeconds": 30,
  "TargetGroup.HealthCheckTimeoutSeconds": 5,
  "TargetGroup.HealthyThresholdCount": 5,
  "TargetGroup.UnhealthyThresholdCount": 2,
  "TargetGroup.Matcher": { HttpCode: "200" },
  "Listener.MutualAuthentication": { Mode: "off" },
  "MutualAuthenticationAttributes.Mode": "off",
  "Action.Order": 1,
  "TargetGroupTuple.Weight": 1,
  "ForwardActionConfig.TargetGroupStickinessConfig": { Enabled: false },
  "RedirectActionConfig.Protocol": "#{protocol}",
  "RedirectActionConfig.Port": "#{port}",
  "RedirectActionConfig.Host": "#{host}",
  "RedirectActionConfig.Path": "/#{path}",
  "RedirectActionConfig.Query": "#{query}",
  "AuthenticateOidcActionConfig.SessionCookieName": "AWSELBAuthSessionCookie",
  "AuthenticateOidcActionConfig.Scope": "openid",
  "AuthenticateOidcActionConfig.SessionTimeout": 604_800,
  "AuthenticateOidcActionConfig.OnUnauthenticatedRequest": "authenticate",
  "AuthenticateCognitoActionConfig.SessionCookieName": "AWSELBAuthSessionCookie",
  "AuthenticateCognitoActionConfig.Scope": "openid",
  "AuthenticateCognitoActionConfig.SessionTimeout": 604_800,
  "AuthenticateCognitoActionConfig.OnUnauthenticatedRequest": "authenticate",
  "AutoScalingGroup.HealthCheckGracePeriod": 0,
  "AutoScalingGroup.TerminationPolicies": ["Default"],
  "AutoScalingGroup.DeletionProtection": "none",
  "AutoScalingGroup.DesiredCapacityType": "units",
  "AutoScalingGroup.AvailabilityZoneDistribution": { CapacityDistributionStrategy: "balanced-best-effort" },
  "LaunchTemplateSpecification.Version": "$Default",
  "LaunchTemplateInstanceMetadataOptions.HttpEndpoint": "enabled",
  "LaunchTemplateInstanceMetadataOptions.HttpPutResponseHopLimit": 1,
  "LaunchTemplateInstanceMetadataOptions.InstanceMetadataTags": "disabled",
  "ScalingPolicy.PolicyType": "SimpleScaling",
  "ScalingPolicy.MetricAggregationType": "Average",
  "ScalingPolicy.Enabled": true,
  "CustomizedMetricSpecification.Period": 60,
  "TargetTrackingMetricDataQuery.Period": 60,
  "TargetTrackingMetricDataQuery.ReturnData": true,
  "TargetTrackingMetricStat.Period": 60,
  "MetricDataQuery.ReturnData": true,
  "PredictiveScalingConfiguration.Mode": "ForecastOnly",
  "PredictiveScalingConfiguration.SchedulingBufferTime": 300,
  "PredictiveScalingConfiguration.MaxCapacityBreachBehavior": "HonorMaxCapacity",
  "RefreshPreferences.MinHealthyPercentage": 90,
  "RefreshPreferences.ScaleInProtectedInstances": "Wait",
  "RefreshPreferences.StandbyInstances": "Wait",
  "MetricAlarm.ActionsEnabled": true,
  "MetricAlarm.TreatMissingData": "missing",
  "MetricAlarm.EvaluateLowSampleCountPercentile": "evaluate",
};

/**
 * Leaves out of every answer each member that AWS's reference documents as optional, wherever its absence means what
 * it held: the documented default, or nothing. An optional member with another value stays, for without it the answer
 * would be untrue; so do the members that the answer as a whole consists of.
 * @param also members (`<type>.<member>`) that are left out whatever they hold
 */
export function sparseAnswers(also: readonly string[] = []): Interceptor {
  return {
    after: (call, output) => {
      const schema = WIRE_SERVICES.find((one) => one.name === call.service)?.operations.get(call.operation);
      if (schema === undefined) return undefined;
      const members = Object.entries(output).map(([name, value]) => {
        const member = schema.output.isStructSchema() ? schema.output.getMemberSchemas()[name] : undefined;
        return [name, member === undefined ? value : thinned(member, value, also)] as const;
      });
      return { kind: "output", output: Object.fromEntries(members) };
    },
  };
}

function thinned(schema: NormalizedSchema, value: unknown, also: readonly string[]): unknown {
  if (value === undefined || value === null) return value;
  if (schema.isListSchema()) {
    return (value as unknown[]).map((item) => thinned(schema.getValueSchema(), item, also));
  }
  if (!schema.isStructSchema()) return value;
  const type = (schema.getName() ?? "").split("#").at(-1) ?? "";
  const required = requiredOf(schema);
  const members = schema.getMemberSchemas();
  const kept = Object.entries(value).filter(
    ([name, held]) => required.includes(name) || !isNeedless(`${type}.${name}`, held, also),
  );
  return Object.fromEntries(
    kept.map(([name, held]) => {
      const member = members[name];
      return [name, member === undefined ? held : thinned(member, held, also)] as const;
    }),
  );
}

/** A schema tuple lists the required members first and says how many they are. */
function requiredOf(schema: NormalizedSchema): readonly string[] {
  const tuple = schema.getSchema() as unknown as readonly unknown[];
  const [names, count] = [tuple[4] as string[] | undefined, tuple[6] as number | undefined];
  return (names ?? []).slice(0, count ?? 0);
}

function isNeedless(path: string, held: unknown, also: readonly string[]): boolean {
  if (also.includes(path)) return true;
  if (Object.hasOwn(DOCUMENTED_DEFAULTS, path)) {
    return JSON.stringify(held) === JSON.stringify(DOCUMENTED_DEFAULTS[path]);
  }
  if (Array.isArray(held)) return held.length === 0;
  return held === undefined || held === null || held === "" || held === false;
}
