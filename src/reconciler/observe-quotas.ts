/** AWS's quotas, where it tells them: asked for only where something may be full. */
import { CloudError, categoryOf } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { CallRow, ReadingCloud } from "../ports.ts";
import type { KindNamed } from "./core/kind-rules.ts";
import type { Observation } from "./core/observation.ts";
import { ASSUMED_QUOTAS, isOfRegion, type QuotaName, type Quotas } from "./core/quotas.ts";
import type { DesiredResource } from "./core/resource.ts";

/** AWS's names of them (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Limit.html). */
const NAMES: Readonly<Record<string, QuotaName>> = {
  "rules-per-application-load-balancer": "rules",
  "listeners-per-application-load-balancer": "listeners",
  "target-groups": "targetGroups",
};

/** Whether there may be no room for what is wanted beside what is there, or AWS has said so lately. */
export function mayBeFull(
  kindNamed: KindNamed,
  { resources }: Observation,
  desired: readonly DesiredResource[],
  calls: readonly CallRow[],
): boolean {
  const isRefused = calls.some(
    ({ operation, errorCode }) => errorCode !== undefined && categoryOf(operation, errorCode, "") === "quota",
  );
  if (isRefused) return true;
  const kinds = new Set(desired.map(({ kind }) => kind));
  return [...kinds].some((kind) => {
    const { quota } = kindNamed(kind);
    if (quota === undefined || isOfRegion(quota)) return false;
    const there = resources.filter((one) => one.kind === kind);
    const names = new Set(there.map(({ name }) => name));
    const missing = desired.filter((one) => one.kind === kind && !names.has(one.name));
    return missing.length > 0 && there.length + missing.length > ASSUMED_QUOTAS[quota].most;
  });
}

/** What AWS does not tell, or could not be asked, is assumed. */
export async function readQuotas(cloud: ReadingCloud, signal: AbortSignal): Promise<Quotas> {
  const told = await Promise.all([
    orNothing(loadBalancingQuotas(cloud, signal)),
    orNothing(autoScalingQuotas(cloud, signal)),
  ]);
  const known = told.flatMap((quotas) =>
    [...quotas].map(([name, most]) => [name, { most, isAssumed: false }] as const),
  );
  return { ...ASSUMED_QUOTAS, ...Object.fromEntries(known) };
}

type Told = ReadonlyMap<QuotaName, number>;

async function loadBalancingQuotas(cloud: ReadingCloud, signal: AbortSignal): Promise<Told> {
  const told = new Map<QuotaName, number>();
  let Marker: string | undefined;
  for (let pages = 0; pages < LIMITS.pagesPerList; pages += 1) {
    const input = Marker === undefined ? {} : { Marker };
    const page = await cloud.call("elasticloadbalancing:DescribeAccountLimits", input, signal);
    for (const { Name = "", Max } of page.Limits ?? []) {
      const name = NAMES[Name];
      const most = Number.parseInt(Max ?? "", 10);
      if (name !== undefined && most > 0) told.set(name, most);
    }
    Marker = page.NextMarker || undefined;
    if (Marker === undefined) break;
  }
  return told;
}

async function autoScalingQuotas(cloud: ReadingCloud, signal: AbortSignal): Promise<Told> {
  const { MaxNumberOfAutoScalingGroups: most } = await cloud.call(
    "autoscaling:DescribeAccountLimits",
    {},
    signal,
  );
  return most === undefined ? new Map() : new Map([["groups", most]]);
}

async function orNothing(reading: Promise<Told>): Promise<Told> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CloudError) return new Map();
    throw error;
  }
}
