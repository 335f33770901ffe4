/** AWS's quotas, where it tells them: asked for only where something may be full. */
import { CloudError, categoryOf } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { CallRow, Clock, ReadingCloud } from "../ports.ts";
import type { AccountCheck } from "./account-binding.ts";
import type { KindNamed } from "./core/kind-rules.ts";
import type { Observation } from "./core/observation.ts";
import { ASSUMED_QUOTAS, isOfRegion, type Quota, type QuotaName, type Quotas } from "./core/quotas.ts";
import type { DesiredResource } from "./core/resource.ts";

/** AWS's names of them (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Limit.html). */
const NAMES: Readonly<Record<string, QuotaName>> = {
  "rules-per-application-load-balancer": "rules",
  "listeners-per-application-load-balancer": "listeners",
  "target-groups": "targetGroups",
};

/** Quotas change when somebody asks AWS for it, and a refusal has them read anew. */
const KNOWN_FOR_MS = 3_600_000;

/** What AWS has told of its quotas within an hour, by account and Region. One for the process. */
export class KnownQuotas {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #known = new Map<string, { readonly quotas: Quotas; readonly readAtMs: number }>();

  constructor(clock: Pick<Clock, "nowMs">) {
    this.#clock = clock;
  }

  /** AWS's defaults where nothing was told lately. How many are in use is told anew each time. */
  of(account: string, region: string): Quotas {
    const known = this.#known.get(`${account} ${region}`);
    const sinceMs = this.#clock.nowMs() - (known?.readAtMs ?? 0);
    return known !== undefined && sinceMs >= 0 && sinceMs < KNOWN_FOR_MS ? known.quotas : ASSUMED_QUOTAS;
  }

  put(account: string, region: string, quotas: Quotas): void {
    const lasting = Object.entries(quotas).map(([name, { most, isAssumed }]) => [name, { most, isAssumed }]);
    this.#known.delete(`${account} ${region}`);
    this.#known.set(`${account} ${region}`, {
      quotas: Object.fromEntries(lasting) as Quotas,
      readAtMs: this.#clock.nowMs(),
    });
    const [oldest] = this.#known.keys();
    if (this.#known.size > LIMITS.regions && oldest !== undefined) this.#known.delete(oldest);
  }
}

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

/** Asked anew, or as far as they are known from before. */
export async function quotasIn(
  { quotas: known }: { readonly quotas: KnownQuotas },
  asked: {
    readonly account: AccountCheck;
    readonly cloud: ReadingCloud;
    readonly region: string;
    readonly isAsked: boolean;
  },
  signal: AbortSignal,
): Promise<Quotas> {
  const { account: check, region } = asked;
  if (check.is !== "right") return ASSUMED_QUOTAS;
  if (!asked.isAsked) return known.of(check.account.id, region);
  const quotas = await readQuotas(asked.cloud, signal);
  known.put(check.account.id, region, quotas);
  return quotas;
}

/** What AWS does not tell, or could not be asked, is assumed. */
async function readQuotas(cloud: ReadingCloud, signal: AbortSignal): Promise<Quotas> {
  const told = await Promise.all([
    orNothing(loadBalancingQuotas(cloud, signal)),
    orNothing(autoScalingQuotas(cloud, signal)),
  ]);
  const known = told.flatMap((quotas) =>
    [...quotas].map(([name, quota]) => [name, { ...quota, isAssumed: false }] as const),
  );
  return { ...ASSUMED_QUOTAS, ...Object.fromEntries(known) };
}

type Told = ReadonlyMap<QuotaName, Omit<Quota, "isAssumed">>;

async function loadBalancingQuotas(cloud: ReadingCloud, signal: AbortSignal): Promise<Told> {
  const told = new Map<QuotaName, Omit<Quota, "isAssumed">>();
  let Marker: string | undefined;
  for (let pages = 0; pages < LIMITS.pagesPerList; pages += 1) {
    const input = Marker === undefined ? {} : { Marker };
    const page = await cloud.call("elasticloadbalancing:DescribeAccountLimits", input, signal);
    for (const { Name = "", Max } of page.Limits ?? []) {
      const name = NAMES[Name];
      const most = Number.parseInt(Max ?? "", 10);
      if (name !== undefined && most > 0) told.set(name, { most });
    }
    Marker = page.NextMarker || undefined;
    if (Marker === undefined) break;
  }
  return told;
}

async function autoScalingQuotas(cloud: ReadingCloud, signal: AbortSignal): Promise<Told> {
  const { MaxNumberOfAutoScalingGroups: most, NumberOfAutoScalingGroups: used } = await cloud.call(
    "autoscaling:DescribeAccountLimits",
    {},
    signal,
  );
  return most === undefined
    ? new Map()
    : new Map([["groups", { most, ...(used === undefined ? {} : { used }) }]]);
}

async function orNothing(reading: Promise<Told>): Promise<Told> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CloudError) return new Map();
    throw error;
  }
}
