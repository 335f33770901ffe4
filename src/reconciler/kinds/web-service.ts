/** The spec of a WebService: the parts of the kinds put together. */
import Type, { type Static } from "typebox";
import { LIMITS } from "../../model/limits.ts";
import type { ResolvedLookup } from "../../model/lookups.ts";
import type { WebService } from "../../model/object.ts";
import type { ApprovalPolicy } from "../../model/status.ts";
import { CORRECT_ALL, type DriftRules } from "../core/drift-rules.ts";
import { alarmSchema } from "./alarm/schema.ts";
import { autoScalingGroupSchema } from "./auto-scaling-group/schema.ts";
import { driftSchema } from "./drift-schema.ts";
import { absentAs, aws } from "./field.ts";
import { loadBalancerSchema } from "./load-balancer/schema.ts";
import { lookedUp, lookupsIn } from "./lookups/places.ts";
import { presumedSpec, resolvedSpec } from "./lookups/substitution.ts";
import { REGION_PATTERN } from "./region-pattern.ts";
import { targetGroupSchema } from "./target-group/schema.ts";
import { windowsSchema } from "./windows/schema.ts";
import { normalForm } from "./written-forms.ts";

/** Names of children: short enough for AWS's names, and safe in an address. */
const CHILD_NAME = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

export const webServiceSpecSchema = Type.Object(
  {
    region: Type.String({
      ...aws("region", "never"),
      pattern: REGION_PATTERN,
      description: "AWS Region. It cannot change: a service elsewhere is another service.",
    }),
    vpcId: Type.String({
      ...aws("VpcId", "replace"),
      ...lookedUp("vpc"),
      pattern: "^vpc-[0-9a-z]+$",
      description: "VPC of the load balancer and the target groups.",
    }),
    subnetIds: Type.Array(Type.String({ pattern: "^subnet-[0-9a-z]+$" }), {
      ...aws("Subnets", "never", { owner: "structure" }),
      ...lookedUp("subnets"),
      minItems: 2,
      uniqueItems: true,
      description:
        "Subnets in at least two Availability Zones (three are better), for the load balancer and the instances.",
    }),
    tags: Type.Record(Type.String(), Type.String(), {
      ...aws("Tags", "never", { owner: "structure" }),
      additionalProperties: false,
      default: {},
      description: "Tags of everything that is made.",
    }),
    deletionPolicy: Type.Enum(["Delete", "Retain"], {
      ...aws("", "never", { owner: "structure" }),
      default: "Delete",
      description:
        "What becomes of the AWS resources when this object is deleted. `Retain` takes our tags away and leaves them.",
    }),
    management: Type.Enum(["Manage", "Observe"], {
      ...aws("", "never", { owner: "structure" }),
      default: "Manage",
      description:
        "`Observe` reads, compares and records, and never writes, not even a tag. From there to `Manage` what runs is adopted; back to `Observe` it is released.",
    }),
    defaults: Type.Optional(
      Type.Enum(["Recommended", "AWS"], {
        ...aws("", "never", { owner: "structure" }),
        description:
          "What a field is that is not given: `Recommended`, what this page advises, or `AWS`, what AWS makes of it. A change that would change AWS waits for approval. Default: `Recommended`.",
      }),
    ),
    approval: Type.Optional(
      Type.Enum(["Never", "Destructive", "Always"], {
        ...aws("", "never", { owner: "structure" }),
        description:
          "What waits for a person's consent: nothing (`Never`), what destroys (`Destructive`), or every change but our own tags (`Always`). The stricter of this and the one before judges an edit. Default: `Destructive`.",
      }),
    ),
    drift: Type.Optional(driftSchema),
    windows: Type.Optional(windowsSchema),
    loadBalancer: loadBalancerSchema,
    targetGroups: Type.Record(Type.String({ pattern: CHILD_NAME }), targetGroupSchema, {
      ...aws("TargetGroups", "never", { owner: "structure" }),
      minProperties: 1,
      maxProperties: LIMITS.targetGroupsPerService,
      additionalProperties: false,
      description: "Target groups, by name.",
    }),
    autoScalingGroups: Type.Record(Type.String({ pattern: CHILD_NAME }), autoScalingGroupSchema, {
      ...aws("AutoScalingGroups", "never", { owner: "structure" }),
      minProperties: 1,
      maxProperties: LIMITS.autoScalingGroupsPerService,
      additionalProperties: false,
      description: "Auto Scaling groups, by name.",
    }),
    alarms: Type.Record(Type.String({ pattern: CHILD_NAME }), alarmSchema, {
      ...aws("Alarms", "never", { owner: "structure" }),
      ...absentAs({}),
      maxProperties: LIMITS.alarmsPerService,
      additionalProperties: false,
      description: "CloudWatch alarms, by name. Default: `high-5xx` and `unhealthy-hosts`.",
    }),
  },
  { additionalProperties: false, description: "The desired state of one web tier." },
);

/** Paths, `*` for every name, of what a deletion that is under way still obeys. Whatever else a spec asks for is lost with the object. */
export const DELETION_FIELDS: readonly (readonly string[])[] = [
  ["deletionPolicy"],
  ["loadBalancer", "attributes", "deletion_protection.enabled"],
  ["autoScalingGroups", "*", "deletionProtection"],
];

export type WebServiceSpec = Static<typeof webServiceSpecSchema>;

/** What the fields are that a spec does not give. A spec of before there was a choice has the recommended ones. */
export function defaultsOf(spec: Pick<WebServiceSpec, "defaults">): NonNullable<WebServiceSpec["defaults"]> {
  return spec.defaults ?? "Recommended";
}

/** What waits for a person's consent. */
export function approvalPolicyOf({ approval }: Pick<WebServiceSpec, "approval">): ApprovalPolicy {
  return approval ?? "Destructive";
}

/** What the spec says of what others change. */
export function driftRulesOf({ drift }: Pick<WebServiceSpec, "drift">): DriftRules {
  return drift === undefined ? CORRECT_ALL : { policy: drift.policy, rules: drift.rules ?? [] };
}

/**
 * The spec of a stored object, in its normal form, with what its lookups stand for: stored is what was written.
 * @param resolved those of its revision
 */
export function specIn(
  { spec }: Pick<WebService, "spec">,
  resolved: readonly ResolvedLookup[],
): WebServiceSpec {
  const normal = normalForm(webServiceSpecSchema, spec);
  return resolvedSpec(webServiceSpecSchema, normal, resolved) as WebServiceSpec;
}

/** As {@link specIn}, whatever was asked: where nothing is known of a lookup, what any answer to it would look like. */
export function presumedSpecIn({ spec }: WebService, known: readonly ResolvedLookup[] = []): WebServiceSpec {
  const normal = normalForm(webServiceSpecSchema, spec);
  const lookups = lookupsIn(webServiceSpecSchema, normal);
  return presumedSpec(normal, lookups, known, undefined) as WebServiceSpec;
}
