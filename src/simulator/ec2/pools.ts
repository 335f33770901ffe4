/** How many instances can still be launched, by market, type and zone. */
import { AwsError } from "../account/aws-error.ts";
import { onDemandPrice, spotPoolSize, spotPrice } from "../account/instance-prices.ts";
import { ZONES } from "../account/seed.ts";
import type { Market } from "../services.ts";
import type { Machine } from "./machine.ts";

/** Pools that have nothing to give, or have again; without a type or a zone, those of all. */
export interface PoolSelection {
  readonly market: Market;
  readonly instanceType: string | undefined;
  readonly zone: string | undefined;
}

export interface Pools {
  /** Of Spot as many as its pool has, of On-Demand any number, unless it was exhausted. */
  spare(market: Market, type: string, zone: string): number;
  exhaust(selection: PoolSelection, isExhausted: boolean): void;
  /** @throws AwsError when no instance of this kind can be had: ec2/spot-capacity, ec2/spot-pool-price */
  checkRoom(request: { type: string; zone: string; spotMaxPrice: string | undefined; market: Market }): void;
}

export function buildPools(machines: () => Iterable<Machine>): Pools {
  const exhausted = new Map<string, PoolSelection>();
  const isExhausted = (market: Market, type: string, zone: string): boolean =>
    [...exhausted.values()].some(
      (one) => one.market === market && (one.instanceType ?? type) === type && (one.zone ?? zone) === zone,
    );
  const running = (type: string, zone: string): number => {
    let count = 0;
    for (const { facts, state } of machines()) {
      const isOfPool = facts.instanceType === type && facts.availabilityZone === zone;
      if (isOfPool && isSpot(facts.options) && state !== "terminated") count += 1;
    }
    return count;
  };
  const spare = (market: Market, type: string, zone: string): number => {
    if (isExhausted(market, type, zone)) return 0;
    if (market === "on-demand") return Number.POSITIVE_INFINITY;
    return Math.max(0, spotPoolSize(type) - running(type, zone));
  };
  return {
    spare,
    exhaust: (selection, on) => {
      const key = JSON.stringify([selection.market, selection.instanceType, selection.zone]);
      if (on) exhausted.set(key, selection);
      else exhausted.delete(key);
    },
    checkRoom: ({ type, zone, market, spotMaxPrice }) => {
      if (market === "spot") checkPrice(type, zone, spotMaxPrice);
      if (spare(market, type, zone) > 0) return;
      throw market === "spot" ? noSpot() : noOnDemand(type, zone, (other) => spare(market, type, other) > 0);
    },
  };
}

export function isSpot(options: Machine["facts"]["options"]): boolean {
  return options.InstanceMarketOptions?.MarketType === "spot";
}

/** The words of https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html */
function checkPrice(type: string, zone: string, given: string | undefined): void {
  const most = given === undefined || given === "" ? onDemandPrice(type) : Number(given);
  const least = spotPrice(type, zone);
  if (most >= least) return;
  throw new AwsError(
    "SpotMaxPriceTooLow",
    `Your Spot request price of ${given} is lower than the minimum required Spot request fulfillment price of ${least}.`,
  );
}

function noSpot(): AwsError {
  return new AwsError(
    "InsufficientInstanceCapacity",
    "There is no Spot capacity available that matches your request.",
    500,
  );
}

/** The words of https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-capacity.html */
export function noOnDemand(type: string, zone: string, hasRoom: (zone: string) => boolean): AwsError {
  const others = ZONES.map(({ name }) => name).filter((name) => name !== zone && hasRoom(name));
  const advice =
    others.length === 0
      ? ""
      : ` You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing ${others.join(", ")}.`;
  return new AwsError(
    "InsufficientInstanceCapacity",
    `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.${advice}`,
    500,
  );
}
