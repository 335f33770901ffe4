import Type, { type Static } from "typebox";
import { type Address, targetGroupAddress } from "../../model/address.ts";
import type { Output } from "../../ports.ts";
import { type Call, callOf } from "../core/actions.ts";
import { nameStem, ownerTags, physicalName } from "../core/names.ts";
import type { Fields, Seen, Target } from "../core/resource.ts";
import {
  attributeDefault,
  attributeFields,
  attributeInputs,
  attributesSchema,
  booleanAttribute,
  choiceAttribute,
  countAttribute,
  initialAttributeFields,
  integerAttribute,
  observedAttributeFields,
  textAttribute,
} from "./attributes.ts";
import { aws, fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import { text } from "./field-values.ts";
import type { Item, Kind } from "./kind.ts";
import { loadBalancerIdentity } from "./load-balancer.ts";
import { present, required } from "./required.ts";
import { addressIn, elbTagCalls, tagFields, tagList, tagsIn } from "./tags.ts";

type TargetGroup = Item<"elasticloadbalancing:DescribeTargetGroups", "TargetGroups">;
type TargetHealthDescription = Item<"elasticloadbalancing:DescribeTargetHealth", "TargetHealthDescriptions">;
type Made = Output<"elasticloadbalancing:CreateTargetGroup">;

const MODIFY = "elasticloadbalancing:ModifyTargetGroup";
const NAME_LIMIT = 32;

export const TARGET_GROUP_ATTRIBUTES = {
  "deregistration_delay.timeout_seconds": integerAttribute(
    "How long connections may drain, in seconds.",
    0,
    3600,
    300,
  ),
  "stickiness.enabled": booleanAttribute("Whether a client stays with one target.", false),
  "stickiness.type": choiceAttribute("Kind of stickiness.", ["lb_cookie", "app_cookie"], "lb_cookie"),
  "stickiness.lb_cookie.duration_seconds": integerAttribute("For how long, in seconds.", 1, 604_800, 86_400),
  "stickiness.app_cookie.cookie_name": textAttribute("Name of the application's cookie.", 256),
  "stickiness.app_cookie.duration_seconds": integerAttribute("For how long, in seconds.", 1, 604_800, 86_400),
  "load_balancing.algorithm.type": choiceAttribute(
    "How a target is chosen.",
    ["round_robin", "least_outstanding_requests", "weighted_random"],
    "round_robin",
  ),
  "load_balancing.algorithm.anomaly_mitigation": choiceAttribute(
    "Whether anomalous targets get less; weighted_random only.",
    ["on", "off"],
    "off",
  ),
  "load_balancing.cross_zone.enabled": choiceAttribute(
    "Whether targets of all zones are used.",
    ["true", "false", "use_load_balancer_configuration"],
    "use_load_balancer_configuration",
  ),
  "slow_start.duration_seconds": integerAttribute(
    "How long a new target gets less; 0 or 30 to 900 seconds.",
    0,
    900,
    0,
  ),
  "target_group_health.dns_failover.minimum_healthy_targets.count": countAttribute(
    "Healthy targets below which a zone leaves DNS.",
    1000,
    "1",
  ),
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": countAttribute(
    "The same, in percent.",
    100,
    "off",
  ),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": integerAttribute(
    "Healthy targets below which all targets get traffic.",
    1,
    1000,
    1,
  ),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": countAttribute(
    "The same, in percent.",
    100,
    "off",
  ),
};

export const targetGroupSchema = Type.Object(
  {
    protocol: Type.Enum(["HTTP", "HTTPS"], {
      ...aws("Protocol", "replace"),
      default: "HTTP",
      description:
        "Protocol between load balancer and targets. AWS cannot change it in place: a new target group takes over.",
    }),
    port: Type.Integer({
      ...aws("Port", "replace"),
      minimum: 1,
      maximum: 65_535,
      description: "Port of the targets. AWS cannot change it in place: a new target group takes over.",
    }),
    protocolVersion: Type.Enum(["HTTP1", "HTTP2", "GRPC"], {
      ...aws("ProtocolVersion", "replace"),
      default: "HTTP1",
      description: "Version of the protocol. AWS cannot change it in place.",
    }),
    targetType: Type.Enum(["instance"], {
      ...aws("TargetType", "replace"),
      default: "instance",
      description: "What is registered; an Auto Scaling group registers instances.",
    }),
    ipAddressType: Type.Enum(["ipv4", "ipv6"], {
      ...aws("IpAddressType", "replace"),
      default: "ipv4",
      description: "Address family towards the targets. AWS cannot change it in place.",
    }),
    healthCheck: Type.Object(
      {
        enabled: Type.Literal(true, {
          ...aws("HealthCheckEnabled", MODIFY),
          default: true,
          description: "Instances are always checked.",
        }),
        protocol: Type.Enum(["HTTP", "HTTPS"], {
          ...aws("HealthCheckProtocol", MODIFY),
          default: "HTTP",
          description: "Protocol of the check.",
        }),
        port: Type.String({
          ...aws("HealthCheckPort", MODIFY),
          pattern: "^(traffic-port|[1-9][0-9]{0,4})$",
          default: "traffic-port",
          description: "Port of the check, as text; `traffic-port` is the target's own.",
        }),
        path: Type.String({
          ...aws("HealthCheckPath", MODIFY),
          pattern: "^/",
          maxLength: 1024,
          default: "/health",
          description: "Path that must answer as `matcher` says.",
        }),
        intervalSeconds: Type.Integer({
          ...aws("HealthCheckIntervalSeconds", MODIFY),
          minimum: 5,
          maximum: 300,
          default: 30,
          description: "Seconds between two checks of a target.",
        }),
        timeoutSeconds: Type.Integer({
          ...aws("HealthCheckTimeoutSeconds", MODIFY),
          minimum: 2,
          maximum: 120,
          default: 5,
          description: "Seconds without an answer that count as a failure; less than the interval.",
        }),
        healthyThresholdCount: Type.Integer({
          ...aws("HealthyThresholdCount", MODIFY),
          minimum: 2,
          maximum: 10,
          default: 2,
          description: "Successes in a row that make an unhealthy target healthy.",
        }),
        unhealthyThresholdCount: Type.Integer({
          ...aws("UnhealthyThresholdCount", MODIFY),
          minimum: 2,
          maximum: 10,
          default: 3,
          description: "Failures in a row that make a target unhealthy.",
        }),
        matcher: Type.Object(
          {
            httpCode: Type.Optional(
              Type.String({
                ...aws("Matcher.HttpCode", MODIFY),
                pattern: "^[0-9]{3}([,-][0-9]{3})*$",
                description:
                  "Status codes that mean success, 200 to 499: `200`, `200,202`, `200-299`. Default: 200.",
              }),
            ),
            grpcCode: Type.Optional(
              Type.String({
                ...aws("Matcher.GrpcCode", MODIFY),
                pattern: "^[0-9]{1,2}([,-][0-9]{1,2})*$",
                description: "GRPC only: codes that mean success, 0 to 99. Default: 12.",
              }),
            ),
          },
          { additionalProperties: false, default: {}, description: "What a healthy answer is." },
        ),
      },
      { additionalProperties: false, default: {}, description: "How the load balancer checks a target." },
    ),
    attributes: Type.Unsafe<Record<string, string | number | boolean>>({
      ...attributesSchema(
        TARGET_GROUP_ATTRIBUTES,
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "Attributes by AWS's own keys. Only those declared are kept. A deregistration delay of 30 seconds is the default here.",
      ),
      default: {},
    }),
  },
  { additionalProperties: false },
);

export type TargetGroupSpec = Static<typeof targetGroupSchema>;

const FIELDS = fieldsOf(targetGroupSchema);

export const targetGroup: Kind<TargetGroup, Made> = {
  name: "targetGroup",
  title: "target group",
  family: "traffic",
  traits: { receivesRequests: true },
  schema: targetGroupSchema,
  tagSource: "elasticloadbalancing",

  desired({ key, owner, spec }) {
    return Object.entries(spec.targetGroups).map(([child, wanted]) => {
      const address = targetGroupAddress(child);
      const replaced = FIELDS.filter((info) => info.change === "replace");
      const name = physicalName({
        service: key.name,
        child,
        limit: NAME_LIMIT,
        owner,
        address,
        immutable: { ...fieldsFromSpec(replaced, wanted), loadBalancer: loadBalancerIdentity(spec) },
      });
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        vpcId: spec.vpcId,
        ...attributeFields(wanted.attributes),
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      return { address, kind: "targetGroup", name, fields };
    });
  },

  async list(reader, { key }) {
    const all = await reader.list(
      "elasticloadbalancing:DescribeTargetGroups",
      { PageSize: 400 },
      (page) => page.TargetGroups,
    );
    const stem = nameStem(key.name, NAME_LIMIT);
    return all
      .filter((item) => item.TargetGroupName?.startsWith(stem))
      .map((item) => ({
        kind: "targetGroup",
        id: required(item.TargetGroupArn, "TargetGroupArn"),
        name: required(item.TargetGroupName, "TargetGroupName"),
        raw: item,
      }));
  },

  async observe({ reader, found, tags }) {
    const [attributes, health] = await Promise.all([
      reader.call("elasticloadbalancing:DescribeTargetGroupAttributes", { TargetGroupArn: found.id }),
      reader.call("elasticloadbalancing:DescribeTargetHealth", { TargetGroupArn: found.id }),
    ]);
    const more = {
      ...observedAttributeFields(required(attributes.Attributes, "Attributes")),
      ...tagFields(tags),
    };
    const targets = required(health.TargetHealthDescriptions, "TargetHealthDescriptions");
    return observed(found.raw, more, addressIn(tags), targets, reader.nowMs());
  },

  create(desired, fields) {
    return callOf("elasticloadbalancing:CreateTargetGroup", {
      ...inputFrom(FIELDS, fields),
      Name: desired.name,
      VpcId: text(fields, "vpcId"),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created(desired, fields, { TargetGroups: [made] = [] }, nowMs) {
    if (made?.TargetGroupArn === undefined) return null;
    return observed(
      made,
      { ...initialAttributeFields(TARGET_GROUP_ATTRIBUTES), ...tagFields(tagsIn(fields)) },
      desired.address,
      [],
      nowMs,
    );
  },

  update({ fields, observed: { id }, differences }) {
    const calls: Call[] = attributeInputs(differences).map((Attributes) =>
      callOf("elasticloadbalancing:ModifyTargetGroupAttributes", { TargetGroupArn: id, Attributes }),
    );
    const changed = FIELDS.filter((info) => info.change === MODIFY);
    if (differences.some(({ field }) => changed.some((info) => info.path === field))) {
      calls.push(callOf(MODIFY, { ...inputFrom(changed, fields), TargetGroupArn: id }));
    }
    return calls;
  },

  remove({ id }) {
    const call = callOf("elasticloadbalancing:DeleteTargetGroup", { TargetGroupArn: id });
    return { calls: [call], isLast: true };
  },

  tag: elbTagCalls,
  defaultOf: (field) => attributeDefault(TARGET_GROUP_ATTRIBUTES, field),

  /**
   * A target group is itself ready at once; what takes time is its targets' first health check, or, where somebody
   * waits for it, so many of them to become healthy.
   */
  probe({ id, targetSet }, _nowMs, needed) {
    const { targets } = present(targetSet, "its targets");
    const isChecked = targets.length > 0 && targets.every((target) => target.state !== "initial");
    if (isChecked && needed === undefined) return undefined;
    return {
      call: callOf("elasticloadbalancing:DescribeTargetHealth", { TargetGroupArn: id }),
      firstAfterMs: 10_000,
      everyMs: 15_000,
      isSettled({
        TargetHealthDescriptions: list = [],
      }: Output<"elasticloadbalancing:DescribeTargetHealth">) {
        const states = list.map((target) => target.TargetHealth?.State);
        return needed === undefined
          ? states.length > 0 && !states.includes("initial")
          : states.filter((state) => state === "healthy").length >= needed;
      },
    };
  },
};

function observed(
  item: TargetGroup,
  more: Fields,
  address: Address | undefined,
  targets: readonly TargetHealthDescription[],
  nowMs: number,
): Seen {
  const arn = required(item.TargetGroupArn, "TargetGroupArn");
  const name = required(item.TargetGroupName, "TargetGroupName");
  return {
    kind: "targetGroup",
    id: arn,
    name,
    address,
    fields: {
      ...fieldsFromAws(FIELDS, item),
      ...(item.VpcId === undefined ? {} : { vpcId: item.VpcId }),
      ...more,
    },
    attributes: { arn, name, dimension: arn.slice(arn.indexOf("targetgroup/")) },
    refersTo: [],
    lifecycle: "ready",
    observedAtMs: nowMs,
    targetSet: { targets: targets.map(targetOf), loadBalancers: item.LoadBalancerArns ?? [] },
  };
}

function targetOf({ Target: target, TargetHealth: health }: TargetHealthDescription): Target {
  return {
    instanceId: target?.Id ?? "",
    state: health?.State ?? "unknown",
    ...(health?.Reason === undefined ? {} : { reason: health.Reason }),
    ...(health?.Description === undefined ? {} : { description: health.Description }),
  };
}
