/** Launching one instance of a mixed instances policy: zone by zone, pool by pool, until one takes it. */
import { AwsError } from "../../account/aws-error.ts";
import type { Instance, Market } from "../../services.ts";
import type { LaunchSource } from "../launch-source.ts";
import { type Group, launchTags, liveMembers, type Member, type State } from "../state.ts";
import { inOrder, type Pool } from "./allocation.ts";
import { poolsOf } from "./pools.ts";

export interface Launched {
  readonly instance: Instance;
  readonly from: NonNullable<Member["from"]>;
}

/** What AWS answers of several Spot pools of which none has room. */
const UNFULFILLABLE = new AwsError(
  "UnfulfillableCapacity",
  "Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.",
);

/** @throws AwsError the refusal of the last pool in the zone, and of all of its Spot pools one for them all */
export function launchInZone(
  state: State,
  group: Group,
  source: LaunchSource,
  market: Market,
  place: { readonly zone: string; readonly subnetId: string },
): Launched {
  const { mixed } = source;
  if (mixed === undefined) throw UNFULFILLABLE;
  const pools = poolsOf(state, group, source, { market, zone: place.zone }, liveMembers(group));
  let refusal: AwsError = UNFULFILLABLE;
  for (const pool of inOrder(pools, market, mixed.distribution)) {
    try {
      return launchFrom(state, group, pool, market, place.subnetId, mixed.distribution.spotMaxPrice);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refusal = error;
    }
  }
  const isShort = refusal.code === "InsufficientInstanceCapacity";
  throw isShort && market === "spot" && pools.length > 1 ? UNFULFILLABLE : refusal;
}

function launchFrom(
  state: State,
  group: Group,
  { template, instanceType, imageId }: Pool,
  market: Market,
  subnetId: string,
  spotMaxPrice: string | undefined,
): Launched {
  const { id, name, version } = state.parts.ec2.templateVersion(template);
  const instance = state.parts.ec2.launch({
    templateId: id,
    version,
    subnetId,
    instanceType,
    imageId,
    market,
    spotMaxPrice,
    tags: launchTags(group),
  });
  return { instance, from: { id, name, version } };
}

/** As a failed activity of such a group says it: autoscaling/mixed-failed-launch */
export function refusalWords(market: Market, { code, message }: AwsError): string {
  const kind = market === "spot" ? "Spot" : "On-Demand";
  return `Could not launch ${kind} Instances. ${code} - ${message}`;
}
