/** One launch of a group: from its template or its mixed instances policy, in a zone that has room. */
import { AwsError } from "../account/aws-error.ts";
import type { Market } from "../services.ts";
import { failedLaunch } from "./activities.ts";
import { addLaunched, launchFailed } from "./instance-lifecycle.ts";
import type { TemplateChoice } from "./launch-source.ts";
import { type Launched, launchInZone, refusalWords } from "./mixed/launching.ts";
import {
  type Group,
  launchTags,
  liveMembers,
  type Member,
  type State,
  sourceForLaunch,
  ZONE_RETRY_MS,
  zonesOf,
} from "./state.ts";

/** EC2's errors that speak of one zone or subnet: another zone may still do. */
const ZONAL_ERRORS = new Set([
  "InsufficientInstanceCapacity",
  "InsufficientFreeAddressesInSubnet",
  "Unsupported",
  "UnfulfillableCapacity",
  "SpotMaxPriceTooLow",
  "InvalidSubnetID.NotFound",
]);

interface Place {
  readonly zone: string;
  readonly subnetId: string;
}

/** How a launch goes in a zone, and what is told of one that does not. */
interface Way {
  launch(place: Place): Launched;
  words(refusal: AwsError): string;
  /** By what the zones that refused are remembered. */
  retryKey(zone: string): string;
}

/**
 * Launches one instance in the zone with fewest of the group, or in the next one that has room.
 * autoscaling/zone-balance, autoscaling/zone-fallback
 *
 * @param market of a mixed instances policy: what the instance is to be
 * @returns whether an instance was launched; a failure becomes an activity and a later retry, never an error
 */
export function launchOne(
  state: State,
  group: Group,
  cause: string,
  take: typeof addLaunched = addLaunched,
  counted: readonly Member[] = liveMembers(group),
  market: Market = "on-demand",
): boolean {
  const nowMs = state.context.clock.nowMs();
  const tell = (reason: string, details: object): void =>
    failedLaunch(state, group, cause, sentence(reason), details);
  try {
    const way = wayOf(state, group, market);
    for (const [zone, subnets] of zonesByNeed(state, group, counted, nowMs, way.retryKey)) {
      const subnetId = subnets[Math.floor(state.context.rng.next() * subnets.length)] ?? "";
      const launched = tryZone(state, group, way, { zone, subnetId }, tell);
      if (launched === undefined) continue;
      take(state, group, launched.instance, launched.from, cause);
      return true;
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    tell(sourceForLaunch(group).mixed === undefined ? error.message : refusalWords(market, error), {});
  }
  launchFailed(state, group);
  return false;
}

/** During a refresh the group launches what the refresh wants. autoscaling/refresh-scale-out */
function wayOf(state: State, group: Group, market: Market): Way {
  const source = sourceForLaunch(group);
  if (source.mixed === undefined) return plainWay(state, group, source.template);
  return {
    launch: (place) => launchInZone(state, group, source, market, place),
    words: (refusal) => refusalWords(market, refusal),
    retryKey: (zone) => `${market} ${zone}`,
  };
}

function plainWay(state: State, group: Group, template: TemplateChoice): Way {
  const { id, name, version } = state.parts.ec2.templateVersion(template);
  return {
    launch: ({ subnetId }) => {
      const request = { templateId: id, version, subnetId, tags: launchTags(group) };
      return { instance: state.parts.ec2.launch(request), from: { id, name, version } };
    },
    words: (refusal) => refusal.message,
    retryKey: (zone) => zone,
  };
}

function tryZone(
  state: State,
  group: Group,
  way: Way,
  place: Place,
  tell: (reason: string, details: object) => void,
): Launched | undefined {
  const { zone } = place;
  try {
    return way.launch(place);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const isZonal = ZONAL_ERRORS.has(error.code) || !state.parts.ec2.isZoneAvailable(zone);
    if (!isZonal) throw error;
    tell(way.words(error), { "Availability Zone": zone });
    group.zoneRetryAtMs.set(way.retryKey(zone), state.context.clock.nowMs() + ZONE_RETRY_MS);
    return undefined;
  }
}

/** Zones that may be tried, fewest instances first. */
function zonesByNeed(
  state: State,
  group: Group,
  counted: readonly Member[],
  nowMs: number,
  retryKey: (zone: string) => string,
): [string, string[]][] {
  const counts = new Map<string, number>();
  for (const member of counted) {
    counts.set(member.availabilityZone, (counts.get(member.availabilityZone) ?? 0) + 1);
  }
  return [...zonesOf(state, group)]
    .filter(([zone]) => (group.zoneRetryAtMs.get(retryKey(zone)) ?? 0) <= nowMs)
    .sort(([a], [b]) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
}

/** Whether a zone has lately refused a launch, of whatever kind. */
export function hasRefusedLately(group: Group, zone: string, nowMs: number): boolean {
  return [zone, `on-demand ${zone}`, `spot ${zone}`].some(
    (key) => (group.zoneRetryAtMs.get(key) ?? 0) > nowMs,
  );
}

function sentence(message: string): string {
  return /[.!]$/.test(message) ? message : `${message}.`;
}
