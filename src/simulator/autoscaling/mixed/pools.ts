/** The pools that a mixed instances policy draws on in one zone. */
import { instanceTypeNamed, onDemandPrice, spotPrice } from "../../account/instance-prices.ts";
import type { Requirements } from "../../account/instance-requirements.ts";
import type { Market } from "../../services.ts";
import type { LaunchSource, Override } from "../launch-source.ts";
import type { Group, Member, State } from "../state.ts";
import type { Pool } from "./allocation.ts";
import { unitsOf } from "./units.ts";

interface Place {
  readonly market: Market;
  readonly zone: string;
}

/** @throws AwsError for a template or an image that is not there */
export function poolsOf(
  state: State,
  group: Group,
  source: LaunchSource,
  place: Place,
  live: readonly Member[],
): Pool[] {
  const given = source.mixed?.overrides ?? [];
  const overrides = given.length === 0 ? [ownOf(state, source)] : given;
  return overrides.flatMap((override, priority) =>
    typesOf(state, group, source, override, place).map((instanceType) => ({
      instanceType,
      template: override.template ?? source.template,
      imageId: override.imageId,
      priority,
      price: unitPrice({ ...source, desiredCapacityType: group.desiredCapacityType }, instanceType, place),
      spare: state.parts.ec2.spare(place.market, instanceType, place.zone),
      running: live.filter(
        (one) =>
          one.instanceType === instanceType &&
          one.availabilityZone === place.zone &&
          one.market === place.market,
      ).length,
    })),
  );
}

/** Without overrides the template says what is launched. */
function ownOf(state: State, { template }: LaunchSource): Override {
  const { instanceType, requirements } = state.parts.ec2.templateType(template);
  return {
    instanceType: instanceType ?? (requirements === undefined ? "m5.large" : undefined),
    requirements,
    weight: undefined,
    template: undefined,
    imageId: undefined,
  };
}

/** autoscaling/attribute-based */
function typesOf(
  state: State,
  group: Group,
  source: LaunchSource,
  { instanceType, requirements, template, imageId }: Override,
  place: Place,
): string[] {
  if (requirements === undefined) return instanceType === undefined ? [] : [instanceType];
  const { id, version } = template ?? source.template;
  const types = state.parts.ec2.typesMeeting({ templateId: id, version, requirements, imageId });
  return protectedByPrice(types, requirements, place, group.desiredCapacityType);
}

type PriceOf = (type: string) => number;

/**
 * Without what costs so much more than the cheapest of the current C, M and R types, or failing them of the current,
 * or of all. autoscaling/price-protection
 */
function protectedByPrice(
  types: readonly string[],
  requirements: Requirements,
  { market, zone }: Place,
  capacityType: string | undefined,
): string[] {
  const per = (usd: PriceOf): PriceOf => {
    return (type) => usd(type) / sizeOf(type, capacityType);
  };
  const onDemand = per(onDemandPrice);
  const own = market === "spot" ? per((type) => spotPrice(type, zone)) : onDemand;
  const most = highest(requirements, market, cheapest(types, own), cheapest(types, onDemand));
  return types.filter((type) => own(type) <= most + Number.EPSILON);
}

/** By default 20 % above for On-Demand; for Spot AWS chooses so that many types are left, and here all are. */
function highest(asked: Requirements, market: Market, cheapestOwn: number, cheapestOnDemand: number): number {
  if (market === "on-demand") {
    return cheapestOwn * (1 + (asked.OnDemandMaxPricePercentageOverLowestPrice ?? 20) / 100);
  }
  const { SpotMaxPricePercentageOverLowestPrice: over, MaxSpotPriceAsPercentageOfOptimalOnDemandPrice: of } =
    asked;
  if (over !== undefined) return cheapestOwn * (1 + over / 100);
  return of === undefined ? Number.POSITIVE_INFINITY : cheapestOnDemand * (of / 100);
}

function cheapest(types: readonly string[], price: PriceOf): number {
  const current = types.filter((type) => instanceTypeNamed(type)?.family.isCurrent === true);
  const general = current.filter((type) => /^[cmr]/.test(type));
  const baseline = [general, current, types].find((some) => some.length > 0) ?? [];
  return Math.min(...baseline.map(price));
}

function sizeOf(type: string, capacityType: string | undefined): number {
  const found = instanceTypeNamed(type);
  if (capacityType === "vcpu") return found?.vcpus ?? 1;
  return capacityType === "memory-mib" ? (found?.memoryMib ?? 1) : 1;
}

function unitPrice(group: Parameters<typeof unitsOf>[0], type: string, { market, zone }: Place): number {
  const usd = market === "spot" ? spotPrice(type, zone) : onDemandPrice(type);
  return usd / (unitsOf(group, type) ?? 1);
}
