/** What admission knows from the SDK: AWS's Regions, and the members of its shapes. Written as source by `npm run docs`. */
import { readFileSync } from "node:fs";
import type { NormalizedSchema } from "@smithy/core/schema";
import { WIRE_SERVICES, type WireOperation } from "../src/simulator/wire/schemas.ts";

const PARTITIONS =
  "node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";
const ELB_TYPES = "node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-types/models/models_0.d.ts";

/** Characters: biome.json. */
const LINE = 110;
const GENERATED = "Generated from the AWS SDK by `npm run docs`.";

interface Partition {
  readonly id: string;
  readonly regionRegex: string;
}

/** src/reconciler/kinds/region-pattern.ts */
export function regionPattern(): string {
  const text = readFileSync(PARTITIONS, "utf8");
  const { partitions } = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as {
    partitions: Partition[];
  };
  const patterns = partitions.map(({ regionRegex }) => plainPattern(regionRegex));
  return [
    `/** ${GENERATED} The names of Regions in each of AWS's partitions. */`,
    "export const REGION_PATTERN =",
    `  "^(${patterns.join("|")})$";`,
    "",
  ].join("\n");
}

/** Without anchors and without escapes that Unicode's regular expressions do not have. */
function plainPattern(pattern: string): string {
  return pattern
    .replace(/^\^|\$$/g, "")
    .replaceAll("\\-", "-")
    .replaceAll("\\w", "[a-z]")
    .replaceAll("\\d", "[0-9]");
}

/** A map of the spec, the operation whose input holds its members, and where in the input they stand. */
type Shape = readonly [path: string, operation: string, ...members: string[]];

const ACTION: readonly Shape[] = [
  ["", "elasticloadbalancing:CreateRule", "Actions"],
  [".forward", "elasticloadbalancing:CreateRule", "Actions", "ForwardConfig"],
  [".forward.targetGroups[]", "elasticloadbalancing:CreateRule", "Actions", "ForwardConfig", "TargetGroups"],
  [".redirect", "elasticloadbalancing:CreateRule", "Actions", "RedirectConfig"],
  [".fixedResponse", "elasticloadbalancing:CreateRule", "Actions", "FixedResponseConfig"],
];
const LISTENER = "spec.loadBalancer.listeners[]";
const TARGET_GROUP = "spec.targetGroups.<name>";
const GROUP = "spec.autoScalingGroups.<name>";
const TEMPLATE = `${GROUP}.launchTemplate`;
const POLICY = `${GROUP}.scalingPolicies.<name>`;
const DATA = ["ec2:CreateLaunchTemplate", "LaunchTemplateData"] as const;
const TRACKING = ["autoscaling:PutScalingPolicy", "TargetTrackingConfiguration"] as const;
const PREDICTIVE = ["autoscaling:PutScalingPolicy", "PredictiveScalingConfiguration"] as const;

const SHAPES: readonly Shape[] = [
  ["spec.loadBalancer", "elasticloadbalancing:CreateLoadBalancer"],
  ["spec.loadBalancer.subnetMappings[]", "elasticloadbalancing:CreateLoadBalancer", "SubnetMappings"],
  [LISTENER, "elasticloadbalancing:CreateListener"],
  [`${LISTENER}.rules[]`, "elasticloadbalancing:CreateRule"],
  [`${LISTENER}.rules[].conditions[]`, "elasticloadbalancing:CreateRule", "Conditions"],
  ...[`${LISTENER}.defaultAction`, `${LISTENER}.rules[].action`].flatMap((at) =>
    ACTION.map(([path, ...rest]): Shape => [`${at}${path}`, ...(rest as [string])]),
  ),
  [TARGET_GROUP, "elasticloadbalancing:CreateTargetGroup"],
  [`${TARGET_GROUP}.healthCheck.matcher`, "elasticloadbalancing:CreateTargetGroup", "Matcher"],
  [GROUP, "autoscaling:CreateAutoScalingGroup"],
  [`${GROUP}.instanceRefresh`, "autoscaling:StartInstanceRefresh", "Preferences"],
  [TEMPLATE, ...DATA],
  [`${TEMPLATE}.metadataOptions`, ...DATA, "MetadataOptions"],
  [`${TEMPLATE}.blockDeviceMappings[]`, ...DATA, "BlockDeviceMappings"],
  [`${TEMPLATE}.blockDeviceMappings[].ebs`, ...DATA, "BlockDeviceMappings", "Ebs"],
  [`${TEMPLATE}.networkInterfaces[]`, ...DATA, "NetworkInterfaces"],
  [`${TEMPLATE}.placement`, ...DATA, "Placement"],
  [`${TEMPLATE}.instanceMarketOptions.spotOptions`, ...DATA, "InstanceMarketOptions", "SpotOptions"],
  [POLICY, "autoscaling:PutScalingPolicy"],
  [`${POLICY}.stepScaling`, "autoscaling:PutScalingPolicy"],
  [`${POLICY}.targetTracking`, ...TRACKING],
  [`${POLICY}.targetTracking.customizedMetric`, ...TRACKING, "CustomizedMetricSpecification"],
  [
    `${POLICY}.targetTracking.customizedMetric.metrics[]`,
    ...TRACKING,
    "CustomizedMetricSpecification",
    "Metrics",
  ],
  [`${POLICY}.simpleScaling`, "autoscaling:PutScalingPolicy"],
  [`${POLICY}.stepScaling.alarm`, "cloudwatch:PutMetricAlarm"],
  [`${POLICY}.simpleScaling.alarm`, "cloudwatch:PutMetricAlarm"],
  [`${POLICY}.predictiveScaling`, ...PREDICTIVE],
  [`${POLICY}.predictiveScaling.metricSpecifications[]`, ...PREDICTIVE, "MetricSpecifications"],
  [`${GROUP}.warmPool`, "autoscaling:PutWarmPool"],
  [`${GROUP}.warmPool.instanceReusePolicy`, "autoscaling:PutWarmPool", "InstanceReusePolicy"],
  [`${GROUP}.lifecycleHooks.<name>`, "autoscaling:PutLifecycleHook"],
  [`${GROUP}.notifications.<name>`, "autoscaling:PutNotificationConfiguration"],
  [`${GROUP}.scheduledActions.<name>`, "autoscaling:PutScheduledUpdateGroupAction"],
  ["spec.alarms.<name>", "cloudwatch:PutMetricAlarm"],
];

/** Attributes are texts to the SDK; its documentation lists them. */
const ATTRIBUTES: readonly (readonly [path: string, type: string])[] = [
  ["spec.loadBalancer.attributes", "LoadBalancerAttribute"],
  [`${TARGET_GROUP}.attributes`, "TargetGroupAttribute"],
];

/** What a call says about itself and what Holdfast fills in: nobody looks for it in a spec. */
const NOT_OF_A_SPEC = ["DryRun", "ClientToken", "LoadBalancerArn", "ListenerArn", "TargetGroupArn"];

/** src/reconciler/kinds/coverage/aws-members.ts */
export function awsMembers(): string {
  const rows = [
    ...SHAPES.map(([path, operation, ...members]) => {
      const schema = inputAt(operation, members);
      const names = [...schema.structIterator()].map(([name]) => name);
      const shape = members.length === 0 ? operation.split(":")[1] : schema.getName()?.split("#").at(-1);
      return [path, String(shape), names.filter((name) => !NOT_OF_A_SPEC.includes(name))] as const;
    }),
    ...ATTRIBUTES.map(([path, type]) => [path, type, attributesOf(type)] as const),
  ];
  return [
    "/**",
    ` * ${GENERATED} Of the maps of a spec: the shape of AWS's that holds their members, and`,
    " * what all of its members are called.",
    " */",
    "export const AWS_MEMBERS: Readonly<Record<string, readonly [shape: string, members: string]>> = {",
    ...rows.flatMap(([path, shape, names]) => entryOf(path, shape, names.join(" "))),
    "};",
    "",
  ].join("\n");
}

/** As the formatter breaks lines. */
function entryOf(path: string, shape: string, members: string): string[] {
  const [key, first, second] = [path, shape, members].map((text) => JSON.stringify(text));
  const line = `  ${key}: [${first}, ${second}],`;
  return line.length <= LINE ? [line] : [`  ${key}: [`, `    ${first},`, `    ${second},`, "  ],"];
}

/** The schema of an operation's input, or of what stands in it below some members. */
export function inputAt(operation: string, members: readonly string[]): NormalizedSchema {
  return partOf(operationNamed(operation).input, members);
}

/** The same of its output. */
export function outputAt(operation: string, members: readonly string[]): NormalizedSchema {
  return partOf(operationNamed(operation).output, members);
}

function operationNamed(operation: string): WireOperation {
  const [service, name = ""] = operation.split(":");
  const found = WIRE_SERVICES.find((one) => one.name === service)?.operations.get(name);
  if (found === undefined) throw new Error(`the SDK has no ${operation}`);
  return found;
}

function partOf(schema: NormalizedSchema, members: readonly string[]): NormalizedSchema {
  return members.reduce((part, member) => itemOf(part.getMemberSchema(member)), schema);
}

/** Schemas may contain themselves; nothing that a spec is about goes deeper. */
const DEEPEST = 12;

/** Paths of the members that have no members, with `[]` for lists. */
export function leavesOf(schema: NormalizedSchema, path = "", depth = 0): string[] {
  if (depth > DEEPEST) return [path];
  if (schema.isListSchema()) return leavesOf(schema.getValueSchema(), `${path}[]`, depth + 1);
  if (!schema.isStructSchema() || schema.isUnitSchema()) return [path];
  const inner = [...schema.structIterator()].flatMap(([name, member]) =>
    leavesOf(member, path === "" ? name : `${path}.${name}`, depth + 1),
  );
  return inner.length === 0 ? [path] : inner;
}

function itemOf(schema: NormalizedSchema): NormalizedSchema {
  return schema.isListSchema() ? schema.getValueSchema() : schema;
}

function attributesOf(type: string): string[] {
  const text = readFileSync(ELB_TYPES, "utf8");
  const start = text.indexOf(`export interface ${type} {`);
  const keys = text
    .slice(start, text.indexOf("Key?:", start))
    .matchAll(/<code>([a-z0-9_]+(?:\.[a-z0-9_]+)+)<\/code> -/g);
  return [...new Set([...keys].map(([, key]) => key!))];
}
