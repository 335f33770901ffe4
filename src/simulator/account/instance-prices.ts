/**
 * What instances cost, and how many of each Spot pool there are: fixed, so that every choice among types can be told
 * beforehand. On-Demand prices are those of https://aws.amazon.com/ec2/pricing/on-demand/ for Linux in us-east-1;
 * AWS publishes no figures of spare capacity, so those of Spot, and its prices, are plausible ones.
 */
import { INSTANCE_TYPES, type InstanceType } from "./instance-types.ts";
import { ZONES } from "./seed.ts";

/** By family: US dollars per hour of a `large`, the share of it that Spot costs, and how many `large` ones a pool has. */
const FAMILIES: Readonly<Record<string, readonly [largeUsd: number, spotShare: number, pool: number]>> = {
  t2: [0.0928, 0.3, 60],
  t3: [0.0832, 0.31, 80],
  t4g: [0.0672, 0.4, 40],
  m5: [0.096, 0.36, 60],
  m6i: [0.096, 0.38, 50],
  m7i: [0.1008, 0.42, 30],
  c5: [0.085, 0.37, 70],
  c6i: [0.085, 0.39, 50],
  c7i: [0.08925, 0.43, 30],
};

/** Of a `large`. */
const SIZES: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
};

/** Spot is a little dearer in each further zone. */
const ZONE_STEP = 0.01;

export function instanceTypeNamed(name: string): InstanceType | undefined {
  return INSTANCE_TYPES.find((one) => one.name === name);
}

function ratesOf(name: string) {
  const [prefix = "", size = ""] = name.split(".");
  const [largeUsd = 1, spotShare = 1, pool = 0] = FAMILIES[prefix] ?? [];
  return { largeUsd, spotShare, pool, factor: SIZES[size] ?? 1 };
}

/** US dollars per hour. */
export function onDemandPrice(type: string): number {
  const { largeUsd, factor } = ratesOf(type);
  return rounded(largeUsd * factor);
}

/** US dollars per hour, in one zone. */
export function spotPrice(type: string, zone: string): number {
  const { largeUsd, spotShare, factor } = ratesOf(type);
  const further = Math.max(
    0,
    ZONES.findIndex((one) => one.name === zone),
  );
  return rounded(largeUsd * factor * (spotShare + ZONE_STEP * further));
}

/** How many Spot Instances of the type one zone has room for; the larger, the fewer. */
export function spotPoolSize(type: string): number {
  const { pool, factor } = ratesOf(type);
  return Math.floor(pool / Math.max(1, factor));
}

function rounded(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}
