/** What EC2 takes of a machine's options together. */
import { isRecord } from "../../../model/value.ts";
import { memberPath } from "../field-path.ts";
import { EC2_API, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import { instanceTagRules, TAGS_PER_RESOURCE } from "../tag-rules.ts";
import type { LaunchTemplateSpec } from "./schema.ts";

const SPOT = `${EC2_API}/API_SpotMarketOptions.html` as const;

export const optionRules: readonly SpecRule<LaunchTemplateSpec>[] = [
  {
    at: "monitoring.metricCategoryIds",
    must: "be given with `enabled` true only",
    when: ({ monitoring }) => monitoring?.metricCategoryIds !== undefined && !monitoring.enabled,
    says: "needs enabled: true beside it",
    source: `${EC2_API}/API_LaunchTemplatesMonitoringRequest.html`,
  },
  {
    at: "cpuOptions",
    must: "have `coreCount` and `threadsPerCore` together",
    when: ({ cpuOptions: cpu }) =>
      cpu !== undefined && (cpu.coreCount === undefined) !== (cpu.threadsPerCore === undefined),
    says: "takes coreCount and threadsPerCore together, or neither",
    source: `${EC2_API}/API_LaunchTemplateCpuOptionsRequest.html`,
  },
  {
    at: "creditSpecification",
    must: "be given with a T instance only",
    when: ({ creditSpecification, instanceType }) =>
      creditSpecification !== undefined && instanceType !== undefined && !/^t\d/.test(instanceType),
    says: ({ instanceType }) => `is for T instances; ${instanceType} has no CPU credits`,
    source: `${EC2_API}/API_CreditSpecificationRequest.html`,
  },
  {
    at: "placement",
    must: "have one of `availabilityZone` and `availabilityZoneId`",
    when: ({ placement }) =>
      placement?.availabilityZone !== undefined && placement.availabilityZoneId !== undefined,
    says: "takes one of availabilityZone and availabilityZoneId",
    source: `${EC2_API}/API_LaunchTemplatePlacementRequest.html`,
  },
  {
    at: "placement.tenancy",
    must: "be `host`, or not given, beside `hostResourceGroupArn`",
    when: ({ placement }) =>
      placement?.hostResourceGroupArn !== undefined &&
      placement.tenancy !== undefined &&
      placement.tenancy !== "host",
    source: `${EC2_API}/API_LaunchTemplatePlacementRequest.html`,
  },
  {
    at: "capacityReservationSpecification.capacityReservationPreference",
    must: "be `capacity-reservations-only`, or not given, beside `capacityReservationTarget`",
    when: ({ capacityReservationSpecification: capacity }) =>
      capacity?.capacityReservationTarget !== undefined &&
      capacity.capacityReservationPreference !== undefined &&
      capacity.capacityReservationPreference !== "capacity-reservations-only",
    source: `${EC2_API}/API_CapacityReservationSpecification.html`,
  },
  {
    at: "enclaveOptions.enabled",
    must: "not be true beside `hibernationOptions.configured`",
    when: ({ enclaveOptions, hibernationOptions }) =>
      enclaveOptions?.enabled === true && hibernationOptions?.configured === true,
    says: "cannot be true with hibernationOptions.configured: an instance has one of the two",
    source: `${EC2_API}/API_EnclaveOptionsRequest.html`,
  },
  {
    at: "instanceMarketOptions.spotOptions.maxPrice",
    must: "be more than 0.001",
    when: ({ instanceMarketOptions: market }) => {
      const price = market?.spotOptions?.maxPrice;
      return price !== undefined && !(Number(price) > 0.001);
    },
    source: SPOT,
  },
  {
    at: "instanceMarketOptions.spotOptions.instanceInterruptionBehavior",
    must: "be `hibernate`, or not given, beside `hibernationOptions.configured`",
    when: ({ instanceMarketOptions: market, hibernationOptions }) => {
      const { instanceInterruptionBehavior: behavior = "hibernate" } = market?.spotOptions ?? {};
      return hibernationOptions?.configured === true && behavior !== "hibernate";
    },
    source: SPOT,
  },
  {
    at: "instanceMarketOptions.spotOptions.spotInstanceType",
    must: "be `persistent` with an interruption behaviour of `hibernate` or `stop` only",
    when: ({ instanceMarketOptions: market, hibernationOptions }) => {
      const { spotInstanceType: type, instanceInterruptionBehavior } = market?.spotOptions ?? {};
      const usual = hibernationOptions?.configured === true ? "hibernate" : "terminate";
      return type === "persistent" && (instanceInterruptionBehavior ?? usual) === "terminate";
    },
    says: "can be persistent only with instanceInterruptionBehavior hibernate or stop; for a group use one-time",
    source: SPOT,
  },
  ...instanceTagRules.map(ofTagsApart),
  {
    at: "tagSpecifications",
    must: `have at most ${TAGS_PER_RESOURCE} tags for each type of resource`,
    each: ({ tagSpecifications = {} }) =>
      Object.entries(tagSpecifications).flatMap(([type, tags]) => {
        const count = Object.keys(tags).length;
        const at = memberPath("tagSpecifications", type);
        return count > TAGS_PER_RESOURCE
          ? [{ at, says: `would be ${count}; AWS takes ${TAGS_PER_RESOURCE}` }]
          : [];
      }),
    source: `${EC2_API}/API_Tag.html`,
  },
  {
    at: "tagSpecifications.spot-instances-request",
    must: "be given with `instanceMarketOptions.marketType` spot only",
    when: ({ tagSpecifications, instanceMarketOptions: market }) =>
      tagSpecifications?.["spot-instances-request"] !== undefined && market?.marketType !== "spot",
    says: "needs instanceMarketOptions.marketType: spot, for nothing else makes such a request",
    source: HOLDFAST,
  },
];

/** A rule of the tags of instances, asked of those of everything else. */
function ofTagsApart(rule: (typeof instanceTagRules)[number]): SpecRule<LaunchTemplateSpec> {
  const { must, source } = rule;
  return {
    at: "tagSpecifications",
    must,
    source,
    each: ({ tagSpecifications = {} }, around) =>
      Object.entries(tagSpecifications).flatMap(([type, tags]) => {
        if (!("each" in rule) || !isRecord(tags)) return [];
        const within = memberPath("tagSpecifications", type);
        return rule
          .each({ tags }, around)
          .flatMap((one) =>
            typeof one === "string" ? [] : [{ at: one.at.replace(/^tags/, within), says: one.says }],
          );
      }),
  };
}
