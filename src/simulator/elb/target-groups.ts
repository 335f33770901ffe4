/** Target groups. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
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
  checkedName,
  checkedTags,
  type ElbState,
  elbPage,
  type HealthCheck,
  type HealthSignals,
  invalid,
  loadBalancerOf,
  oneOf,
  type TargetGroup,
  targetGroupOf,
  within,
} from "./state.ts";
import { usageOf } from "./usage.ts";

type Settings = Omit<TargetGroup, "arn" | "name" | "dimension" | "attributes">;

export function buildTargetGroupOperations(state: ElbState, signals: HealthSignals): OperationTable {
  const view = (group: TargetGroup): TargetGroupView =>
    targetGroupView(group, usageOf(state).get(group.arn)?.arn);
  return {
    CreateTargetGroup: (input: CreateTargetGroupCommandInput) => {
      const name = checkedName(input.Name, "target group");
      const settings = settingsOf(state, input);
      const tags = checkedTags(input.Tags);
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
      state.tags.set(created.arn, tags);
      return { TargetGroups: [view(created)] };
    },
    ModifyTargetGroup: (input: ModifyTargetGroupCommandInput) => {
      const group = targetGroupOf(state, input.TargetGroupArn);
      group.healthCheck = healthCheckOf(group.protocolVersion, input, group.healthCheck);
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
      const next = new Map(group.attributes);
      setAttributes(next, TARGET_GROUP_ATTRIBUTES, input.Attributes);
      checkTogether(next);
      for (const [key, value] of next) group.attributes.set(key, value);
      return { Attributes: attributeList(group.attributes) };
    },
  };
}

/** elb/attribute-combinations */
function checkTogether(attributes: ReadonlyMap<string, string>): void {
  const algorithm = attributes.get("load_balancing.algorithm.type");
  if (
    attributes.get("load_balancing.algorithm.anomaly_mitigation") === "on" &&
    algorithm !== "weighted_random"
  ) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      "Anomaly mitigation is available with the weighted random algorithm only",
    );
  }
  if (attributes.get("slow_start.duration_seconds") !== "0" && algorithm !== "round_robin") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      "Slow start is available with the round robin algorithm only",
    );
  }
  const isSticky =
    attributes.get("stickiness.enabled") === "true" && attributes.get("stickiness.type") === "app_cookie";
  if (isSticky && attributes.get("stickiness.app_cookie.cookie_name") === "") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      "A cookie name is needed for stickiness by application cookie",
    );
  }
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

function settingsOf(state: ElbState, input: CreateTargetGroupCommandInput): Settings {
  const targetType = input.TargetType ?? "instance";
  if (targetType !== "instance" && targetType !== "ip") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `This simulated account has target groups of type 'instance' and 'ip' only, not '${targetType}'`,
    );
  }
  if (input.Protocol === undefined || input.Port === undefined || input.VpcId === undefined) {
    throw invalid("A protocol, a port and a VPC must be specified");
  }
  if (input.Protocol !== "HTTP" && input.Protocol !== "HTTPS") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `This simulated account has target groups for HTTP and HTTPS only, not '${input.Protocol}'`,
    );
  }
  if (state.parts.ec2.vpc(input.VpcId) === undefined)
    throw invalid(`The VPC ID '${input.VpcId}' is not found`);
  const protocolVersion = oneOf(
    input.ProtocolVersion ?? "HTTP1",
    ["HTTP1", "HTTP2", "GRPC"],
    "The protocol version",
  );
  return {
    protocol: input.Protocol,
    protocolVersion,
    port: within(input.Port, 1, 65_535, "The port of a target group"),
    vpcId: input.VpcId,
    targetType,
    ipAddressType: oneOf(input.IpAddressType ?? "ipv4", ["ipv4", "ipv6"], "The IP address type"),
    healthCheck: healthCheckOf(protocolVersion, input, {
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

type CheckInput = Omit<ModifyTargetGroupCommandInput, "TargetGroupArn">;

/** elb/health-check-ranges */
function healthCheckOf(
  version: TargetGroup["protocolVersion"],
  input: CheckInput,
  before: HealthCheck,
): HealthCheck {
  if (input.HealthCheckEnabled === false)
    throw invalid("Health checks cannot be disabled for target groups of this type");
  const check: HealthCheck = {
    enabled: true,
    protocol: oneOf(
      input.HealthCheckProtocol ?? before.protocol,
      ["HTTP", "HTTPS"],
      "The health check protocol",
    ),
    port: input.HealthCheckPort ?? before.port,
    path: input.HealthCheckPath ?? before.path,
    intervalSeconds: within(
      input.HealthCheckIntervalSeconds ?? before.intervalSeconds,
      5,
      300,
      "The health check interval",
    ),
    timeoutSeconds: within(
      input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds,
      2,
      120,
      "The health check timeout",
    ),
    healthyThreshold: within(
      input.HealthyThresholdCount ?? before.healthyThreshold,
      2,
      10,
      "The healthy threshold count",
    ),
    unhealthyThreshold: within(
      input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
      2,
      10,
      "The unhealthy threshold count",
    ),
    matcher: input.Matcher === undefined ? before.matcher : checkedMatcher(version, input.Matcher),
  };
  if (check.port !== "traffic-port") within(Number(check.port), 1, 65_535, "The health check port");
  if (!/^\/[^\s]{0,1023}$/.test(check.path))
    throw invalid(`The health check path '${check.path}' is not valid`);
  if (check.timeoutSeconds >= check.intervalSeconds) {
    throw invalid("The health check interval must be greater than the health check timeout");
  }
  return check;
}

function checkedMatcher(version: TargetGroup["protocolVersion"], matcher: Matcher): HealthCheck["matcher"] {
  const isGrpc = version === "GRPC";
  const codes = isGrpc ? matcher.GrpcCode : matcher.HttpCode;
  const [least, most] = isGrpc ? [0, 99] : [200, 499];
  const parts = (codes ?? "").split(",").flatMap((part) => part.split("-"));
  if (
    codes === undefined ||
    parts.some((part) => !/^\d+$/.test(part) || Number(part) < least || Number(part) > most)
  ) {
    throw invalid(`The health check matcher '${codes ?? ""}' must hold codes from ${least} to ${most}`);
  }
  return isGrpc ? { GrpcCode: codes } : { HttpCode: codes };
}

function isSame(one: TargetGroup, settings: Settings): boolean {
  const facts = ({
    protocol,
    protocolVersion,
    port,
    vpcId,
    targetType,
    ipAddressType,
    healthCheck,
  }: Settings): string =>
    JSON.stringify([
      protocol,
      protocolVersion,
      port,
      vpcId,
      targetType,
      ipAddressType,
      Object.entries(healthCheck).sort(),
    ]);
  return facts(one) === facts(settings);
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
  };
}
