/** AWS's quotas, where it tells them: asked for by what makes more, once within an hour for all services. */
import { CloudError, categoryOf } from "../model/errors.ts";
import { keepNewest, LIMITS } from "../model/limits.ts";
import { isRecent } from "../model/time.ts";
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
  readonly #asking = new Map<string, Promise<Quotas>>();

  constructor(clock: Pick<Clock, "nowMs">) {
    this.#clock = clock;
  }

  /** AWS's defaults where nothing was told lately. How many are in use is told anew each time. */
  of(account: string, region: string): Quotas {
    return this.#toldLately(account, region) ?? ASSUMED_QUOTAS;
  }

  /** As told within the hour, or else asked for: by one for all who want to know meanwhile. */
  async within(account: string, region: string, ask: () => Promise<Quotas>): Promise<Quotas> {
    const told = this.#toldLately(account, region);
    if (told !== undefined) return told;
    const place = `${account} ${region}`;
    const asking = this.#asking.get(place) ?? ask().finally(() => this.#asking.delete(place));
    this.#asking.set(place, asking);
    return asking;
  }

  #toldLately(account: string, region: string): Quotas | undefined {
    const known = this.#known.get(`${account} ${region}`);
    const isLately = known !== undefined && isRecent(known.readAtMs, KNOWN_FOR_MS, this.#clock.nowMs());
    return isLately ? known.quotas : undefined;
  }

  put(account: string, region: string, quotas: Quotas): void {
    const lasting = Object.entries(quotas).map(([name, { most, isAssumed }]) => [name, { most, isAssumed }]);
    this.#known.delete(`${account} ${region}`);
    this.#known.set(`${account} ${region}`, {
      quotas: Object.fromEntries(lasting) as Quotas,
      readAtMs: this.#clock.nowMs(),
    });
    keepNewest(this.#known, LIMITS.regions);
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

/** Whether something is wanted and not there of which AWS allows only so many. */
export function makesMore(
  kindNamed: KindNamed,
  { resources }: Observation,
  desired: readonly DesiredResource[],
): boolean {
  const there = new Set(resources.map(({ kind, name }) => `${kind} ${name}`));
  return desired.some(
    ({ kind, name }) => kindNamed(kind).quota !== undefined && !there.has(`${kind} ${name}`),
  );
}

/** How well a pass has to know them: as AWS says now, as it has said within the hour, or as far as that is known. */
export type QuotaNeed = "now" | "within the hour" | "as known";

export async function quotasIn(
  { quotas: known }: { readonly quotas: KnownQuotas },
  asked: {
    readonly account: AccountCheck;
    readonly cloud: ReadingCloud;
    readonly region: string;
    readonly need: QuotaNeed;
  },
  signal: AbortSignal,
): Promise<Quotas> {
  const { account: check, cloud, region, need } = asked;
  if (check.is !== "right") return ASSUMED_QUOTAS;
  const { id } = check.account;
  const ask = async () => {
    const { quotas, isAnswered } = await readQuotas(cloud, signal);
    if (isAnswered) known.put(id, region, quotas);
    return quotas;
  };
  switch (need) {
    case "now":
      return ask();
    case "within the hour":
      return known.within(id, region, ask);
    case "as known":
      return known.of(id, region);
  }
}

/** What AWS does not tell, or could not be asked, is assumed. */
async function readQuotas(
  cloud: ReadingCloud,
  signal: AbortSignal,
): Promise<{ quotas: Quotas; isAnswered: boolean }> {
  const told = await Promise.all([
    orRefusal(loadBalancingQuotas(cloud, signal)),
    orRefusal(autoScalingQuotas(cloud, signal)),
  ]);
  const known = told.flatMap((quotas) =>
    quotas instanceof CloudError
      ? []
      : [...quotas].map(([name, quota]) => [name, { ...quota, isAssumed: false }] as const),
  );
  return {
    quotas: { ...ASSUMED_QUOTAS, ...Object.fromEntries(known) },
    // That it may not be asked is an answer, which a second question would not change.
    isAnswered: told.every((quotas) => !(quotas instanceof CloudError) || quotas.category === "unauthorized"),
  };
}

type Told = ReadonlyMap<QuotaName, Omit<Quota, "isAssumed">>;

async function loadBalancingQuotas(cloud: ReadingCloud, signal: AbortSignal): Promise<Told> {
  const told = new Map<QuotaName, Omit<Quota, "isAssumed">>();
  let Marker: string | undefined;
  for (let pages = 0; pages < LIMITS.pagesPerList; pages += 1) {
    const input = Marker === undefined ? {} : { Marker };
    const page = await cloud.call("elasticloadbalancing:DescribeAccountLimits", input, { signal });
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
    { signal },
  );
  return most === undefined
    ? new Map()
    : new Map([["groups", { most, ...(used === undefined ? {} : { used }) }]]);
}

async function orRefusal(reading: Promise<Told>): Promise<Told | CloudError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CloudError) return error;
    throw error;
  }
}
