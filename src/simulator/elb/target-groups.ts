/** Target groups. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
import { isDeepStrictEqual } from "node:util";
import type {
  CreateTargetGroupCommandInput,
  DeleteTargetGroupCommandInput,
  DescribeTargetGroupAttributesCommandInput,
  DescribeTargetGroupsCommandInput,
  Matcher,
  ModifyTargetGroupAttributesCommandInput,
  ModifyTargetGroupCommandInput,
  TargetGroup as TargetGroupView,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable } from "../services.ts";
import { attributeDefaults, attributeList, setAttributes, TARGET_GROUP_ATTRIBUTES } from "./attributes.ts";
import {
  arnOf,
  type ElbState,
  elbPage,
  type HealthCheck,
  type HealthSignals,
  invalid,
  loadBalancerOf,
  type TargetGroup,
  tagMap,
  targetGroupOf,
} from "./state.ts";
import { usageOf } from "./usage.ts";

type Settings = Omit<TargetGroup, "arn" | "name" | "dimension" | "attributes">;

export function buildTargetGroupOperations(state: ElbState, signals: HealthSignals): OperationTable {
  const view = (group: TargetGroup): TargetGroupView =>
    targetGroupView(group, usageOf(state).get(group.arn)?.arn);
  return {
    CreateTargetGroup: (input: CreateTargetGroupCommandInput) => {
      const name = input.Name ?? "";
      const settings = settingsOf(input);
      const existing = [...state.targetGroups.values()].find((one) => one.name === name);
      if (existing !== undefined) {
        // elb/idempotent-creates
        if (isSame(existing, settings)) return { TargetGroups: [view(existing)] };
        throw new AwsError(
          "DuplicateTargetGroupName",
          `A target group with the same name '${name}' exists, but with different settings`,
        );
      }
      if (state.targetGroups.size >= state.quotas.targetGroups) {
        throw new AwsError("TooManyTargetGroups", "The maximum number of target groups has been reached");
      }
      const dimension = `targetgroup/${name}/${state.context.id(16)}`;
      const created: TargetGroup = {
        arn: arnOf(state.context, dimension),
        name,
        dimension,
        attributes: attributeDefaults(TARGET_GROUP_ATTRIBUTES),
        ...settings,
      };
      state.targetGroups.set(created.arn, created);
      state.tags.set(created.arn, tagMap(input.Tags));
      return { TargetGroups: [view(created)] };
    },
    ModifyTargetGroup: (input: ModifyTargetGroupCommandInput) => {
      const group = targetGroupOf(state, input.TargetGroupArn);
      group.healthCheck = healthCheckOf(input, group.healthCheck);
      signals.checkChanged(group);
      return { TargetGroups: [view(group)] };
    },
    // elb/delete-target-group
    DeleteTargetGroup: (input: DeleteTargetGroupCommandInput) => {
      const group = state.targetGroups.get(input.TargetGroupArn ?? "");
      if (group === undefined) return {};
      if (usageOf(state).has(group.arn)) {
        throw new AwsError(
          "ResourceInUse",
          `Target group '${group.arn}' is currently in use by a listener or a rule`,
        );
      }
      state.targetGroups.delete(group.arn);
      state.tags.delete(group.arn);
      signals.groupDeleted(group);
      return {};
    },
    DescribeTargetGroups: (input: DescribeTargetGroupsCommandInput) => {
      const usage = usageOf(state);
      const page = elbPage(asked(state, input), (one) => one.arn, input);
      return {
        TargetGroups: page.items.map((one) => targetGroupView(one, usage.get(one.arn)?.arn)),
        NextMarker: page.next,
      };
    },
    DescribeTargetGroupAttributes: (input: DescribeTargetGroupAttributesCommandInput) => ({
      Attributes: attributeList(targetGroupOf(state, input.TargetGroupArn).attributes),
    }),
    ModifyTargetGroupAttributes: (input: ModifyTargetGroupAttributesCommandInput) => {
      const group = targetGroupOf(state, input.TargetGroupArn);
      setAttributes(group.attributes, input.Attributes);
      return { Attributes: attributeList(group.attributes) };
    },
  };
}

function asked(state: ElbState, input: DescribeTargetGroupsCommandInput): readonly TargetGroup[] {
  const all = [...state.targetGroups.values()];
  const { TargetGroupArns: arns = [], Names: names = [], LoadBalancerArn: loadBalancerArn } = input;
  if ([arns.length > 0, names.length > 0, loadBalancerArn !== undefined].filter(Boolean).length > 1) {
    throw invalid(
      "Target group names, target group ARNs and a load balancer ARN cannot be specified at the same time",
    );
  }
  if (loadBalancerArn !== undefined) {
    const loadBalancer = loadBalancerOf(state, loadBalancerArn);
    const usage = usageOf(state);
    return all.filter((one) => usage.get(one.arn) === loadBalancer);
  }
  // elb/describe-not-found
  if (arns.length > 0) return arns.map((arn) => targetGroupOf(state, arn));
  if (names.length === 0) return all;
  return names.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
    return found;
  });
}

function settingsOf(input: CreateTargetGroupCommandInput): Settings {
  const targetType = input.TargetType ?? "instance";
  if (targetType !== "instance" && targetType !== "ip") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `This simulated account has target groups of type 'instance' and 'ip' only, not '${targetType}'`,
    );
  }
  if (input.Protocol !== "HTTP" && input.Protocol !== "HTTPS") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `This simulated account has target groups for HTTP and HTTPS only, not '${input.Protocol}'`,
    );
  }
  const protocolVersion = versionOf(input.ProtocolVersion);
  return {
    protocol: input.Protocol,
    protocolVersion,
    port: input.Port ?? 0,
    vpcId: input.VpcId ?? "",
    targetType,
    ipAddressType: input.IpAddressType ?? "ipv4",
    controlPort: input.TargetControlPort,
    healthCheck: healthCheckOf(input, {
      enabled: true,
      protocol: "HTTP",
      port: "traffic-port",
      path: protocolVersion === "GRPC" ? "/AWS.ALB/healthcheck" : "/",
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: protocolVersion === "GRPC" ? { GrpcCode: "12" } : { HttpCode: "200" },
    }),
  };
}

/** Clients send an empty one for the default: elb/empty-protocol-version. */
function versionOf(given: string | undefined): TargetGroup["protocolVersion"] {
  return given === "HTTP2" || given === "GRPC" ? given : "HTTP1";
}

type CheckInput = Omit<ModifyTargetGroupCommandInput, "TargetGroupArn">;

/** What is not given stays as it was. */
function healthCheckOf(input: CheckInput, before: HealthCheck): HealthCheck {
  return {
    enabled: true,
    protocol:
      input.HealthCheckProtocol === undefined ? before.protocol : protocolOf(input.HealthCheckProtocol),
    port: input.HealthCheckPort ?? before.port,
    path: input.HealthCheckPath ?? before.path,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? before.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? before.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
    matcher: matcherOf(input.Matcher) ?? before.matcher,
  };
}

function protocolOf(given: string): HealthCheck["protocol"] {
  return given === "HTTPS" ? "HTTPS" : "HTTP";
}

function matcherOf(given: Matcher | undefined): HealthCheck["matcher"] | undefined {
  if (given?.GrpcCode) return { GrpcCode: given.GrpcCode };
  return given?.HttpCode ? { HttpCode: given.HttpCode } : undefined;
}

function isSame(one: TargetGroup, settings: Settings): boolean {
  const { healthCheck, ...plain } = settings;
  const isAlike = (Object.keys(plain) as (keyof typeof plain)[]).every((key) => one[key] === plain[key]);
  return isAlike && isDeepStrictEqual(one.healthCheck, healthCheck);
}

function targetGroupView(group: TargetGroup, loadBalancerArn: string | undefined): TargetGroupView {
  const check = group.healthCheck;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    ProtocolVersion: group.protocolVersion,
    Port: group.port,
    VpcId: group.vpcId,
    TargetType: group.targetType,
    IpAddressType: group.ipAddressType,
    LoadBalancerArns: loadBalancerArn === undefined ? [] : [loadBalancerArn],
    HealthCheckEnabled: check.enabled,
    HealthCheckProtocol: check.protocol,
    HealthCheckPort: check.port,
    HealthCheckPath: check.path,
    HealthCheckIntervalSeconds: check.intervalSeconds,
    HealthCheckTimeoutSeconds: check.timeoutSeconds,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    Matcher: check.matcher,
    ...(group.controlPort !== undefined && { TargetControlPort: group.controlPort }),
  };
}
